import type { Need } from '../../plan/cost/fit-task.ts';
import { planTasks } from '../../plan/plan-tasks.ts';
import { partCount, partExamples } from '../../protocol/dataset.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { Task } from '../../protocol/lease.ts';
import type { Device } from '../../protocol/messages.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { goalOf, isInTraining, servedCount } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { activeVolunteers } from '../volunteer/active-volunteers.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { fits, needOf } from './device-fit.ts';
import type { LeaseAsk } from './lease-ask.ts';
import { isThrottled } from './reliability.ts';

/** A role's task in a round, the parts its next lease is on, and what that asks of a device. */
export interface RoundTask {
  readonly task: Task;
  readonly parts: readonly number[];
  readonly examples: number;
  readonly need: Need;
}

export const roundTasks = (config: RunConfig, state: RunState): RoundTask[] =>
  planTasks(config.spec, config.model, state.round.number).map(task => {
    const parts = nextParts(config, state, task.role);
    const examples = countExamples(config, 'train', parts);
    return { task, parts, examples, need: needOf(config, task, examples) };
  });

/** Whether any role of the round fits the device: only who can train is waited for. */
export const fitsAny = (config: RunConfig, tasks: readonly RoundTask[], device: Device): boolean =>
  tasks.some(({ need }) => fits(config, need, device));

/** The volunteers who are counted on in this round. */
export const ableVolunteers = (
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  now: number,
): readonly VolunteerState[] =>
  activeVolunteers(config, state, now).filter(({ identity }) => fitsAny(config, tasks, identity.device));

/** Whether a role that lacks answers still is for this volunteer, should it find a place. */
export const isWanted = (
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  volunteer: VolunteerState,
): boolean =>
  tasks.some(
    ({ task: { role }, need }) =>
      servedCount(state.round, role) < goalOf(state.round, role) &&
      fits(config, need, volunteer.identity.device) &&
      mayServe(state, volunteer, role),
  );

/** The task for this volunteer, its turn's first; null where none has room for it. */
export function chooseTask(
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  ask: LeaseAsk,
): RoundTask | null {
  if (ask.idle && !isPlaceToSpare(config, state, tasks, ask.idle)) return null;
  const { volunteer } = ask;
  const fitting = inTurn(tasks, volunteer.identity.index + state.round.number).filter(({ need }) =>
    fits(config, need, volunteer.identity.device),
  );
  const isFree = ({ task: { role } }: RoundTask): boolean =>
    room(config, state, role) > 0 && mayServe(state, volunteer, role);
  const isKept = (one: RoundTask): boolean => fitting.length > 1 && isKeptFor(config, state, tasks, one, ask);
  return fitting.find(one => isFree(one) && !isKept(one)) ?? null;
}

/** Volunteer i is offered role (i + r) mod n first, then the others. */
const inTurn = (tasks: readonly RoundTask[], turn: number): readonly RoundTask[] => {
  const first = turn % tasks.length;
  return [...tasks.slice(first), ...tasks.slice(0, first)];
};

/** Half of what closes an idle round ([ROUND4]): who is waited for in vain must not cost the round its role. */
const KEPT_WHILE_IDLE_MS = 1_500;

/**
 * [LEASE4] Whether all that is left of a role is for others: volunteers whom nothing else of the round fits, and who have
 * not served. Who may be gone is not waited for where nobody is at work.
 */
function isKeptFor(
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  { task: { role }, need }: RoundTask,
  { volunteer: self, now }: LeaseAsk,
): boolean {
  if (isIdleFor(state, now, KEPT_WHILE_IDLE_MS)) return false;
  const others = tasks.filter(({ task }) => task.role !== role);
  const wanting = activeVolunteers(config, state, now).filter(
    volunteer =>
      volunteer.id !== self.id &&
      fits(config, need, volunteer.identity.device) &&
      !fitsAny(config, others, volunteer.identity.device) &&
      mayServe(state, volunteer, role) &&
      !isThrottled({ volunteer, now }),
  );
  return wanting.length >= room(config, state, role);
}

/** [ROUND4] Whether nobody has been at work for so long. */
const isIdleFor = ({ round }: RunState, now: number, ms: number): boolean =>
  isInTraining(round) && round.idleSince !== null && now - round.idleSince >= ms;

/** [LEASE12] Whether a place is left when everybody has one who has none and has not served: nobody waits for another's second. */
function isPlaceToSpare(
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  idle: readonly VolunteerState[],
): boolean {
  const places = tasks.reduce((sum, { task }) => sum + room(config, state, task.role), 0);
  if (places > idle.length) return true;
  const served = new Set(Object.values(state.round.served).flat());
  return (
    places >
    idle.filter(({ id, identity }) => !served.has(id) && fitsAny(config, tasks, identity.device)).length
  );
}

/** [LEASE4] One update a volunteer, role and round, a lease in hand counted. */
const mayServe = (state: RunState, volunteer: VolunteerState, role: Role): boolean =>
  !state.round.served[role]?.includes(volunteer.id) && !isAtIt(state, volunteer, role);

const isAtIt = (state: RunState, { id }: VolunteerState, role: Role): boolean =>
  Object.values(state.leases).some(
    lease => lease.volunteer === id && lease.role === role && lease.round === state.round.number,
  );

/** Leases of a role that may still be given. */
export function room(config: RunConfig, state: RunState, role: Role): number {
  const goal = goalOf(state.round, role);
  const open = Object.values(state.leases).filter(
    lease => lease.role === role && lease.round === state.round.number,
  ).length;
  const issued = Math.max(goal, Math.floor(goal * config.spec.policy.overIssue));
  return Math.max(0, issued - servedCount(state.round, role) - open);
}

function nextParts(config: RunConfig, state: RunState, role: Role): readonly number[] {
  const total = partCount(config.spec.dataset, 'train');
  const count = Math.min(config.spec.training.partsPerLease, total);
  const start = state.cursors[role] ?? 0;
  return Array.from({ length: count }, (_, i) => (start + i) % total);
}

export const countExamples = (config: RunConfig, split: 'train' | 'test', parts: readonly number[]): number =>
  parts.reduce((sum, part) => sum + partExamples(config.spec.dataset, split, part), 0);
