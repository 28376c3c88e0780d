import type { RunState } from '../run-state.ts';
import { type Step, stepEach, stepWhile } from '../step.ts';
import { endLease } from './end-leases.ts';
import type { LeaseState } from './lease-state.ts';
import { noteOutcome } from './return-rate.ts';

type Why = 'overdue' | 'gone';

/**
 * [LEASE18] The place of a lease is free again, though the lease goes on: nothing that was trained is thrown away. An
 * evaluator's lease ends, since its parts are somebody else's from now on.
 */
function freePlace(state: RunState, lease: LeaseState, why: Why): Step {
  const { id, volunteer, role } = lease;
  if (role === 'evaluator') return endLease(state, lease, reasons[why]);
  return {
    state: noteOutcome({ ...state, leases: state.leases.put({ ...lease, isFreed: true }) }, lease, false),
    events: [{ type: 'place-freed', lease: id, volunteer, role, why }],
  };
}

const reasons: Readonly<Record<Why, string>> = {
  overdue: 'it took too long',
  gone: 'the volunteer has gone',
};

/** [LEASE18] Whoever is overdue is not counted on, until it is heard of again. */
export const freeOverdue = (before: RunState, now: number): Step =>
  stepWhile(before, state => {
    const lease = state.leases.firstOverdue();
    if (!lease || (lease.timing?.overdueAt ?? now) > now) return null;
    return freePlace({ ...state, presence: state.presence.lose(lease.volunteer) }, lease, 'overdue');
  });

/** [LEASE18] These volunteers have gone. */
export const freeGone = (state: RunState, volunteers: readonly string[]): Step =>
  stepEach(
    state,
    volunteers.flatMap(id => state.leases.heldBy(id).filter(lease => !lease.isFreed)),
    (next, lease) => freePlace(next, lease, 'gone'),
  );
