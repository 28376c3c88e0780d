import type { Role } from '../../protocol/identifiers.ts';
import type { Task } from '../../protocol/lease.ts';
import type { Fruitless } from '../../protocol/pause.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { ableVolunteers, activeReferees, countedTasks, isAble } from '../lease/crowd.ts';
import type { LeaseState } from '../lease/lease-state.ts';
import type { LeaseTable } from '../lease/lease-table.ts';
import { isWanted } from '../lease/round-tasks.ts';
import type { RunState } from '../run-state.ts';
import { type Step, stay } from '../step.ts';
import { setOf } from '../tables/set-of.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';

/** [DIV2] So many fruitless leases without an update between them are no accident of one batch. */
const MOST_FRUITLESS = 5;

/** [DIV1] The task as this volunteer gets it: its rate is halved for every fruitless lease. */
export function atHalvedRate(task: Task, { volunteers }: RunState, volunteer: string): Task {
  const { halvings = 0 } = volunteers.get(volunteer) ?? {};
  if (halvings === 0) return task;
  return { ...task, schedule: { ...task.schedule, rate: task.schedule.rate * 2 ** -halvings } };
}

/** Why a training lease ended without an update, though its training was done. */
interface FruitlessEnd {
  readonly why: Fruitless;
  /** Which tensor was at fault, if that is known. */
  readonly detail?: string | undefined;
}

/** [DIV1] A training lease has ended because no update can hold what its training came to. */
export function noteFruitless(
  config: RunConfig,
  before: RunState,
  lease: LeaseState,
  { why, detail }: FruitlessEnd,
  now: number,
): Step {
  const { volunteer, role } = lease;
  const row = before.volunteers.get(volunteer);
  if (role === 'evaluator' || !row) return stay(before);
  const { divergence } = before;
  const { leases, by } = divergence;
  const state: RunState = {
    ...before,
    divergence: {
      ...divergence,
      leases: leases + 1,
      by: setOf(by).has(volunteer) ? by : [...by, volunteer],
    },
    volunteers: before.volunteers.put({ ...row, halvings: (row.halvings ?? 0) + 1 }),
  };
  if (state.phase !== 'open' || !isGeneral(config, state, lease, now)) return stay(state);
  const told = detail === undefined ? {} : { detail };
  return { state: { ...state, phase: 'paused' }, events: [{ type: 'run-paused', why, ...told }] };
}

/**
 * [DIV2] Whether it is the run, and not one device or somebody who only says so. Those who had a fruitless lease, referees and
 * those who trained the newest version are asked one by one. Of all others the numbers are enough.
 */
function isGeneral(config: RunConfig, state: RunState, { role }: LeaseState, now: number): boolean {
  const { leases, by, trainedBy } = state.divergence;
  if (leases < MOST_FRUITLESS || isTriedElsewhere(state, by) || hasGoneWell(state, role)) return false;
  const tasks = countedTasks(config, state.round.number);
  const ableOf = (ids: readonly string[]): VolunteerState[] =>
    ids.flatMap(id => {
      const volunteer = state.volunteers.get(id);
      return volunteer && isAble(config, state, volunteer, now) ? [volunteer] : [];
    });
  const referees = Array.from(activeReferees(config, state, now), ({ id }) => id);
  const mayDoWell = ableOf([...trainedBy, ...referees].filter(id => !setOf(by).has(id)));
  if (mayDoWell.some(volunteer => isWanted(config, state, tasks, volunteer))) return false;
  const able = ableVolunteers(config, state, now).count;
  const share = Math.min(Math.ceil(able / 2), config.spec.policy.updatesPerRound);
  const wanted = Math.max(Math.min(2, able), share);
  return ableOf(by).length >= wanted;
}

/** Whether this version was trained well in this role. Then strangers could say otherwise once all others have served. */
const hasGoneWell = ({ round }: RunState, role: Role): boolean =>
  (round.served[role]?.length ?? 0) > 0 || round.roots?.[role] !== undefined;

/** Whether somebody is in training who had no fruitless lease. That update may show that all is well. */
const isTriedElsewhere = ({ leases }: RunState, by: readonly string[]): boolean =>
  leases.trainingPlaces > by.reduce((sum, id) => sum + placesOf(leases, id), 0);

const placesOf = (leases: LeaseTable, volunteer: string): number =>
  leases.heldBy(volunteer).filter(({ role, isFreed }) => role !== 'evaluator' && !isFreed).length;

/** [DIV3] Begins to count anew: an update was accepted, or the host resumes. The halved rates stay. */
export const withoutDivergence = (state: RunState): RunState =>
  state.divergence.leases > 0 ? { ...state, divergence: { ...state.divergence, leases: 0, by: [] } } : state;

/** A version is out that these volunteers trained. */
export const noteTrainers = (state: RunState, trainedBy: readonly string[]): RunState => ({
  ...state,
  divergence: { ...state.divergence, trainedBy },
});
