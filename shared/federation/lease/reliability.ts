import type { RunState } from '../run-state.ts';
import type { Reliability, VolunteerState } from '../volunteer/volunteer-state.ts';
import type { LeaseAsk } from './lease-ask.ts';

/**
 * [LEASE11] After so many leases without an update a volunteer gets the next ones this far apart. Each lease writes
 * two entries into the ledger.
 */
const MOST_WITHOUT_UPDATE = 5;
const THROTTLED_MS = 30_000;

/** Of a volunteer who has just joined. */
export const newReliability: Reliability = { leasesWithoutUpdate: 0, grantedAt: 0, unpaired: null };

/** [LEASE11] Whether the volunteer gets nothing now because of the leases that it left without an update. */
export const isThrottled = ({
  volunteer: { reliability },
  now,
}: Pick<LeaseAsk, 'volunteer' | 'now'>): boolean =>
  reliability.leasesWithoutUpdate >= MOST_WITHOUT_UPDATE &&
  // The clock may have been set back since.
  Math.abs(now - reliability.grantedAt) < THROTTLED_MS;

/** [CROWD6] One lease without an update may be a page that was loaded again. After the next ones a newcomer rests. */
const MOST_OF_A_NEWCOMER = 2;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 600_000;

/** [CROWD6] Of a newcomer. */
export const isFailing = ({ leasesWithoutUpdate }: Reliability): boolean =>
  leasesWithoutUpdate >= MOST_OF_A_NEWCOMER;

/** [CROWD6] Whether a newcomer rests whose leases brought nothing so far. */
export function isResting({ volunteer: { reliability }, now }: Pick<LeaseAsk, 'volunteer' | 'now'>): boolean {
  const { leasesWithoutUpdate: failed, grantedAt } = reliability;
  if (!isFailing(reliability)) return false;
  const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failed - MOST_OF_A_NEWCOMER));
  return Math.abs(now - grantedAt) < restMs;
}

/**
 * [LEASE11] The volunteer with one lease more. A lease and the one granted beside it are a pair, which counts once. A
 * lease is in one pair at most: another one beside it is counted.
 */
export function withGrant({ volunteer, id, beside, now }: LeaseAsk): VolunteerState {
  const { leasesWithoutUpdate, unpaired } = volunteer.reliability;
  const isPair = beside !== null && unpaired === beside.id;
  const reliability: Reliability = isPair
    ? { leasesWithoutUpdate, unpaired: null, grantedAt: now }
    : { leasesWithoutUpdate: leasesWithoutUpdate + 1, unpaired: id, grantedAt: now };
  return { ...volunteer, reliability, presence: { seenAt: now } };
}

/** The volunteer has returned an update. [CROWD4] What it counted as evaluator is its word, and proves nothing. */
export function noteUpdate(state: RunState, id: string, isTraining: boolean): RunState {
  const volunteer = state.volunteers.get(id);
  if (!volunteer) return state;
  const isNewlyProven = isTraining && !volunteer.proven;
  if (volunteer.reliability.leasesWithoutUpdate === 0 && !isNewlyProven) return state;
  const reliability = { ...volunteer.reliability, leasesWithoutUpdate: 0 };
  const proven = isNewlyProven && { proven: true as const };
  return { ...state, volunteers: state.volunteers.put({ ...volunteer, reliability, ...proven }) };
}
