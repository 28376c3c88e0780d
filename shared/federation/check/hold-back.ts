import type { VolunteerState } from '../volunteer/volunteer-state.ts';

/** [CHECK10] No more rounds than this, however often an update was harmful. */
const MOST_ROUNDS = 64;

/** [CHECK10] The volunteer after so many of its updates were refused as harmful in this round. */
export function holdBack(volunteer: VolunteerState, round: number, updates: number): VolunteerState {
  const harmful = (volunteer.harmful ?? 0) + updates;
  return { ...volunteer, harmful, heldBackUntil: round + Math.min(MOST_ROUNDS, 2 ** harmful) };
}

/** [CHECK10] Whether it is to get no training lease in this round, as long as somebody else is able. */
export const isHeldBackIn = ({ heldBackUntil = 0 }: VolunteerState, round: number): boolean =>
  round <= heldBackUntil;
