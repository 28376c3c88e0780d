import type { EventBody } from '../../protocol/events.ts';
import { returnParts } from '../evaluation/evaluation.ts';
import type { RunState } from '../run-state.ts';
import { joinSteps, type Step, stay } from '../step.ts';
import type { LeaseState } from './lease-state.ts';

/** [LEASE10] Leases that end without an update, each with its entry in the ledger. */
export const endLeases = (state: RunState, leases: readonly LeaseState[], why: string): Step =>
  leases.reduce<Step>((step, lease) => joinSteps(step, endLease(step.state, lease, why)), stay(state));

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

export function withoutLease(state: RunState, id: string): RunState {
  const { [id]: _, ...leases } = state.leases;
  return { ...state, leases };
}
