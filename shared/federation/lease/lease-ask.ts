import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import type { LeaseState } from './lease-state.ts';

/** Who asks, for what lease id, when. */
export interface LeaseAsk {
  readonly volunteer: VolunteerState;
  readonly id: string;
  readonly now: number;
  /** A lease of its own that goes on beside the one asked for; null if it has none. */
  readonly beside: LeaseState | null;
  /** If it has one: the others, who have none ([LEASE12]). Else null. */
  readonly idle: readonly VolunteerState[] | null;
}
