import type { RunState } from '../run-state.ts';
import type { Reliability, VolunteerState } from '../volunteer/volunteer-state.ts';
import type { LeaseAsk } from './lease-ask.ts';

/** [LEASE11] Who returns no update for so many leases gets the next ones this far apart: each is two entries of the ledger. */
const MOST_WITHOUT_UPDATE = 5;
const THROTTLED_MS = 30_000;

/** Of a volunteer who has just joined. */
export const newReliability: Reliability = { leasesWithoutUpdate: 0, grantedAt: 0, unpaired: null };

/** [LEASE11] Whether the volunteer gets nothing now because of the leases that it left without an update. */
export const isThrottled = ({
  volunteer: { reliability },
  now,
}: Pick<LeaseAsk, 'volunteer' | 'now'>): boolean =>
  reliability.leasesWithoutUpdate >= MOST_WITHOUT_UPDATE && now - reliability.grantedAt < THROTTLED_MS;

/**
 * The volunteer as it is granted one lease more. A pair counts once. Whoever asks beside the same lease again, or beside
 * one that is half of a pair, is counted.
 */
export function withGrant({ volunteer, id, beside, now }: LeaseAsk): VolunteerState {
  const { leasesWithoutUpdate, unpaired } = volunteer.reliability;
  const isPair = beside !== null && unpaired === beside.id;
  const reliability: Reliability = isPair
    ? { leasesWithoutUpdate, unpaired: null, grantedAt: now }
    : { leasesWithoutUpdate: leasesWithoutUpdate + 1, unpaired: id, grantedAt: now };
  return { ...volunteer, reliability };
}

/** The volunteer has returned an update. */
export function noteUpdate(state: RunState, id: string): RunState {
  const volunteer = state.volunteers[id];
  if (!volunteer || volunteer.reliability.leasesWithoutUpdate === 0) return state;
  const reliability = { ...volunteer.reliability, leasesWithoutUpdate: 0 };
  return { ...state, volunteers: { ...state.volunteers, [id]: { ...volunteer, reliability } } };
}
