import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import type { RunState } from '../run-state.ts';
import { type Step, stay } from '../step.ts';

/** [KEY5] The host gives a volunteer another name. To give it the same once more changes nothing. */
export function renameVolunteer(state: RunState, id: string, name: string): Result<Step> {
  const volunteer = state.volunteers.get(id);
  if (!volunteer) return refused('not-found', `volunteer ${id}`);
  const { identity } = volunteer;
  if (identity.name === name) return accepted(stay(state));
  return accepted({
    state: {
      ...state,
      volunteers: state.volunteers.put({ ...volunteer, identity: { ...identity, name } }),
    },
    events: [{ type: 'volunteer-renamed', volunteer: id, name }],
  });
}
