import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import type { LeaseState } from './lease-state.ts';

/** Who asks, when, and the id that the lease would have. */
export interface LeaseAsk {
  readonly volunteer: VolunteerState;
  readonly id: string;
  readonly now: number;
  /** A lease of its own that goes on beside the one asked for; null if it has none. */
  readonly beside: LeaseState | null;
  /** [LEASE12] The free volunteers, if it has such a lease. Null if it has none. */
  readonly free: readonly VolunteerState[] | null;
}
