import type { Role } from '../../protocol/identifiers.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';

/** So many of its last leases say how quick a volunteer is. Of three, one that is out of the way does not count. */
const REMEMBERED = 3;

/** [LEASE17] The volunteer's pace in a role: the middle one of its last three, or the slower one of two. Null if unknown. */
export function ownPace({ paces }: VolunteerState, role: Role): number | null {
  const last = paces?.[role]?.toSorted((a, b) => a - b) ?? [];
  return last[Math.floor(last.length / 2)] ?? null;
}

export const withPace = (volunteer: VolunteerState, role: Role, pace: number): VolunteerState => ({
  ...volunteer,
  paces: {
    ...volunteer.paces,
    [role]: [...(volunteer.paces?.[role] ?? []), pace].slice(-REMEMBERED),
  },
});
