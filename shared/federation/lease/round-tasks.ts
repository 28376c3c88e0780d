import type { Need } from '../../plan/cost/fit-task.ts';
import { planTasks } from '../../plan/plan-tasks.ts';
import { partCount, partExamples } from '../../protocol/dataset.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { Task } from '../../protocol/lease.ts';
import type { Device } from '../../protocol/messages.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { goalOf, servedCount } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { activeVolunteers } from '../volunteer/active-volunteers.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { fits, needOf } from './device-fit.ts';

/** A role's task in a round, the parts that its next lease is on, and what these ask of a device. */
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

/** Whether any role of the round fits the device. A round waits only for those who can train. */
export const fitsAny = (config: RunConfig, tasks: readonly RoundTask[], device: Device): boolean =>
  tasks.some(({ need }) => fits(config, need, device));

/** The volunteers who are counted on in this round: they are active, and some role fits their device. */
export const ableVolunteers = (
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  now: number,
): readonly VolunteerState[] =>
  activeVolunteers(config, state, now).filter(({ identity }) => fitsAny(config, tasks, identity.device));

/** Whether some role lacks updates, fits this volunteer, and may still be served by it. */
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

/** [LEASE4] One update for a volunteer, role and round. A lease in hand counts as one. */
export const mayServe = (state: RunState, volunteer: VolunteerState, role: Role): boolean =>
  !state.round.served[role]?.includes(volunteer.id) && !isAtIt(state, volunteer, role);

const isAtIt = (state: RunState, { id }: VolunteerState, role: Role): boolean =>
  Object.values(state.leases).some(
    lease => lease.volunteer === id && lease.role === role && lease.round === state.round.number,
  );

/** [LEASE5] How many more leases of a role may be granted. */
export function placesLeft(config: RunConfig, state: RunState, role: Role): number {
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
