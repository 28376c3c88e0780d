import type { EventBody } from '../../protocol/events.ts';
import { returnParts } from '../evaluation/evaluation.ts';
import { joinSteps, withoutLease } from '../record-report.ts';
import type { LeaseState, RunState, Step } from '../run-state.ts';

/** [LEASE10] Leases that end without an answer, each with its entry in the ledger. */
export const endLeases = (state: RunState, leases: readonly LeaseState[], why: string): Step =>
  leases.reduce<Step>((step, lease) => joinSteps(step, endLease(step.state, lease, why)), {
    state,
    events: [],
  });

export function endLease(state: RunState, lease: LeaseState, why: string): Step {
  const event: EventBody = {
    type: 'lease-ended',
    lease: lease.id,
    volunteer: lease.volunteer,
    role: lease.role,
    why,
  };
  return { state: returnParts(withoutLease(state, lease.id), lease), events: [event] };
}
