import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import type { LeaseState } from './lease-state.ts';

/** Who asks, when, and the id that the lease would have. */
export interface LeaseAsk {
  readonly volunteer: VolunteerState;
  readonly id: string;
  readonly now: number;
  /** A lease of its own that goes on beside the one asked for; null if it has none. */
  readonly beside: LeaseState | null;
  /** [LEASE12] Whether it asks for a lease beside another, which takes no place from anybody else. */
  readonly isAhead: boolean;
}
