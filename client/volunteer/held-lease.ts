import type { Lease } from '../../shared/protocol/lease.ts';
import type { PreparedJob } from './prepare-job.ts';
import type { ClaimedWork } from './work-limits.ts';

/** A lease in hand, its download under way. */
export interface HeldLease {
  readonly type: 'held';
  readonly lease: Lease;
  /** Whether another would be granted beside it. */
  readonly more: boolean;
  /** When its time is up, by `performance.now`. */
  readonly endsAt: number;
  readonly job: Promise<PreparedJob>;
  /** What it asks of this device, as the run tells it. */
  readonly claimed: ClaimedWork;
  /** Aborted by pause and stop, and when its update can count in no round any more or the run is over. */
  readonly signal: AbortSignal;
}
