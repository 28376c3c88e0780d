import type { EventBody } from '../../protocol/events.ts';
import { noteFailedJudge } from '../evaluation/evaluation.ts';
import type { RunState } from '../run-state.ts';
import { type Step, stepEach } from '../step.ts';
import type { LeaseState } from './lease-state.ts';

/** [LEASE10] Leases that end without an update, each with its entry in the ledger. */
export const endLeases = (state: RunState, leases: Iterable<LeaseState>, why: string): Step =>
  stepEach(state, leases, (next, lease) => endLease(next, lease, why));

export function endLease(state: RunState, lease: LeaseState, why: string): Step {
  const event: EventBody = {
    type: 'lease-ended',
    lease: lease.id,
    volunteer: lease.volunteer,
    role: lease.role,
    why,
  };
  return { state: noteFailedJudge(withoutLease(state, lease.id), lease), events: [event] };
}

export const withoutLease = (state: RunState, id: string): RunState => ({
  ...state,
  leases: state.leases.delete(id),
});
