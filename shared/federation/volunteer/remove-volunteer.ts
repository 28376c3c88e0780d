import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { withoutJudge } from '../evaluation/evaluation.ts';
import { endLeases } from '../lease/end-leases.ts';
import type { RunState } from '../run-state.ts';
import { type Step, stay } from '../step.ts';

/**
 * [KEY2] The host puts a volunteer out. Its row stays, so that it is known as removed. A removal that is repeated changes
 * nothing.
 */
export function removeVolunteer(state: RunState, id: string): Result<Step> {
  const volunteer = state.volunteers.get(id);
  if (!volunteer) return refused('not-found', `volunteer ${id}`);
  if (volunteer.isRemoved) return accepted(stay(state));
  const ended = endLeases(state, state.leases.heldBy(id), 'the host removed the volunteer');
  return accepted({
    state: {
      ...withoutJudge(ended.state, id),
      volunteers: ended.state.volunteers.put({ ...volunteer, isRemoved: true }),
      presence: ended.state.presence.forget(id),
    },
    events: [...ended.events, { type: 'volunteer-removed', volunteer: id }],
  });
}
