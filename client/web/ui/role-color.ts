import type { Role } from '../../../shared/protocol/identifiers.ts';

/**
 * Colours for the segments or depths between the first and the last, and for slices (`theme.css`). If there are more, they
 * share colours.
 */
const MIDDLE_COLORS = 6;

/** The custom property that holds a role's colour. */
export function roleColor(role: Role): `--${string}` {
  const [, number] = /^(?:segment|depth|slice)-(\d+)$/.exec(role) ?? [];
  if (number === undefined) return `--role-${role}`;
  return `--role-middle-${((Number(number) + MIDDLE_COLORS - 2) % MIDDLE_COLORS) + 1}`;
}
