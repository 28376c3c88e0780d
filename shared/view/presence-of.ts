import type { RunView } from '../protocol/run-view.ts';

/** Whether a volunteer is here, and if not, since when. */
export interface ShownPresence {
  readonly isHere: boolean;
  readonly leftAt: number | null;
}

/** [VIEW9] Null if the view does not say: it does not list the volunteer, or its platform is of an older release. */
export function presenceOf(
  { volunteers, away }: Pick<RunView, 'volunteers' | 'away'>,
  volunteer: string,
): ShownPresence | null {
  if (!away || !volunteers[volunteer]) return null;
  const leftAt = away[volunteer] ?? null;
  return { isHere: leftAt === null, leftAt };
}
