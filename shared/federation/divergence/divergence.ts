import type { Task } from '../../protocol/lease.ts';
import type { RefusalReason } from '../../protocol/refusals.ts';
import { ableVolunteers, isWanted, roundTasks } from '../lease/lease-places.ts';
import type { LeaseState, RunConfig, RunState, Step, VolunteerState } from '../run-state.ts';

/** [DIV2] So many diverged leases, and no update between, are no accident of one batch. */
const MOST_DIVERGED = 5;

/** [DIV1] The task as this volunteer gets it: its rate halved for every lease that diverged there. */
export const atHalvedRate = (task: Task, { halvings = 0 }: VolunteerState): Task =>
  halvings === 0
    ? task
    : { ...task, schedule: { ...task.schedule, rate: task.schedule.rate * 2 ** -halvings } };

/** [DIV1] Whether an update refused for this reason is what training at too high a rate comes to. */
export const isDivergence = (reason: RefusalReason): boolean =>
  reason === 'not-finite' || reason === 'out-of-range';

/** A training lease ended because its loss or its update was no finite number, or beyond what an update may hold. */
export function noteDivergence(
  config: RunConfig,
  before: RunState,
  { volunteer, role }: LeaseState,
  now: number,
): Step {
  const known = before.volunteers[volunteer];
  if (role === 'evaluator' || !known) return { state: before, events: [] };
  const halved = { ...known, halvings: (known.halvings ?? 0) + 1 };
  const state = {
    ...before,
    volunteers: { ...before.volunteers, [volunteer]: halved },
    diverged: {
      leases: (before.diverged?.leases ?? 0) + 1,
      by: [...new Set([...(before.diverged?.by ?? []), volunteer])],
    },
  };
  return state.phase === 'open' && isGeneral(config, state, now)
    ? { state: { ...state, phase: 'paused' }, events: [{ type: 'run-paused', why: 'diverged' }] }
    : { state, events: [] };
}

/** [DIV2] Whether it is the run that diverges, and not one device or who says so. */
function isGeneral(config: RunConfig, state: RunState, now: number): boolean {
  const { leases, by } = state.diverged ?? { leases: 0, by: [] };
  if (leases < MOST_DIVERGED || isTriedElsewhere(state, by)) return false;
  const tasks = roundTasks(config, state);
  const able = ableVolunteers(config, state, tasks, now);
  const mayDoWell = able.filter(({ id }) => state.trainedBy?.includes(id) && !by.includes(id));
  if (mayDoWell.some(volunteer => isWanted(config, state, tasks, volunteer))) return false;
  const share = Math.min(Math.ceil(able.length / 2), config.spec.policy.updatesPerRound);
  const wanted = Math.max(Math.min(2, able.length), share);
  return able.filter(({ id }) => by.includes(id)).length >= wanted;
}

/** Whether somebody is at work for whom it has not diverged: the answer may tell that all is well. */
const isTriedElsewhere = ({ leases }: RunState, by: readonly string[]): boolean =>
  Object.values(leases).some(({ role, volunteer }) => role !== 'evaluator' && !by.includes(volunteer));

/** [DIV2] Begins to count anew: an update was taken, or the host resumes. */
export const withoutDivergence = (state: RunState): RunState =>
  state.diverged ? { ...state, diverged: null } : state;
