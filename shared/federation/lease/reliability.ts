import type { VolunteerState } from '../run-state.ts';
import type { LeaseAsk } from './lease-policy.ts';

/** [LEASE11] Who leaves so many leases unanswered gets the next ones this far apart: each is two entries of the ledger. */
const UNANSWERED = 5;
const UNANSWERED_MS = 30_000;

export const isThrottled = ({ volunteer, now }: LeaseAsk): boolean =>
  volunteer.unanswered >= UNANSWERED && now - volunteer.grantedAt < UNANSWERED_MS;

/**
 * The volunteer with one lease more to answer. A pair counts once; whoever asks beside the same lease again, or beside one
 * that is half of a pair, is counted.
 */
export const withUnanswered = ({ volunteer, id, beside, now }: LeaseAsk): VolunteerState =>
  beside !== null && volunteer.unpaired === beside.id
    ? { ...volunteer, unpaired: null, grantedAt: now }
    : { ...volunteer, unanswered: volunteer.unanswered + 1, unpaired: id, grantedAt: now };
