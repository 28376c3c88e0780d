import type { Role } from '../../../shared/protocol/identifiers.ts';

/**
 * Colours for the segments, or depths, between the first and the last (`theme.css`). If there are more segments, they share
 * colours.
 */
const MIDDLE_COLORS = 6;

/** The custom property that holds a role's colour. */
export function roleColor(role: Role): `--${string}` {
  const [, number] = /^(?:segment|depth)-(\d+)$/.exec(role) ?? [];
  if (number === undefined) return `--role-${role}`;
  return `--role-middle-${((Number(number) - 2) % MIDDLE_COLORS) + 1}`;
}
