import type { Need } from '../../plan/cost/fit-task.ts';
import { fitsDevices, planTasks } from '../../plan/plan-tasks.ts';
import { partCount, partExamples } from '../../protocol/dataset.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { Task } from '../../protocol/lease.ts';
import type { Device } from '../../protocol/messages.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { type Goals, goalOf, rolesOf, servedCount } from '../round/round-state.ts';
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

/**
 * @param volunteer who would get the lease
 * @param planned the plan's tasks of the round, for who asks of many volunteers
 */
export const roundTasks = (
  config: RunConfig,
  state: RunState,
  volunteer: VolunteerState,
  planned = planTasks(config.spec, config.model, state.round.number),
): RoundTask[] =>
  planned.map(task => {
    const parts = nextParts(config, state, task.role, volunteer);
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
      mayServe(config, state, volunteer, role),
  );

/**
 * [LEASE4] One update for a volunteer, role and round, or for a volunteer and round if the plan fits its tasks to devices.
 * A lease in hand counts as one.
 */
export function mayServe(
  { spec }: RunConfig,
  { round, leases }: RunState,
  { id }: VolunteerState,
  role: Role,
): boolean {
  const roles = fitsDevices(spec.plan) ? rolesOf(round) : [role];
  const isAtIt = Object.values(leases).some(
    lease => lease.volunteer === id && roles.includes(lease.role) && lease.round === round.number,
  );
  return !isAtIt && !roles.some(each => round.served[each]?.includes(id));
}

/**
 * [ROUND1] How many of these volunteers each role is the heaviest for that fits: what each of them is given if the plan
 * fits its tasks to devices. Null if it does not.
 */
export function volunteersByRole(
  config: RunConfig,
  tasks: readonly RoundTask[],
  volunteers: readonly VolunteerState[],
): Goals | null {
  if (!fitsDevices(config.spec.plan)) return null;
  const heaviest = volunteers.flatMap(
    ({ identity }) => tasks.findLast(({ need }) => fits(config, need, identity.device)) ?? [],
  );
  return Object.fromEntries(
    tasks.map(one => [one.task.role, heaviest.filter(other => other === one).length]),
  );
}

/**
 * [PUB8] How many examples the volunteers have, by segment: those of one lease for each who ever joined and has room to
 * train the segment. Leases of a run are of about the same size, so the next one counts.
 */
export function examplesBySegment(
  config: RunConfig,
  state: RunState,
  segments: readonly string[],
): Record<string, number> {
  const planned = planTasks(config.spec, config.model, state.round.number);
  const leases = Object.values(state.volunteers).map(volunteer =>
    roundTasks(config, state, volunteer, planned).filter(({ need }) =>
      fits(config, need, volunteer.identity.device),
    ),
  );
  const examplesOf = (id: string): number =>
    leases.reduce(
      (sum, fitting) => sum + (fitting.find(({ task }) => task.trains.includes(id))?.examples ?? 0),
      0,
    );
  return Object.fromEntries(segments.map(id => [id, examplesOf(id)]));
}

/** [LEASE5] How many more leases of a role may be granted. */
export function placesLeft(config: RunConfig, state: RunState, role: Role): number {
  const goal = goalOf(state.round, role);
  const open = Object.values(state.leases).filter(
    lease => lease.role === role && lease.round === state.round.number,
  ).length;
  const issued = Math.max(goal, Math.floor(goal * config.spec.policy.overIssue));
  return Math.max(0, issued - servedCount(state.round, role) - open);
}

/** [LEASE7] The parts that follow those which the role was leased last, or the volunteer's own. */
function nextParts(
  { spec: { dataset, training } }: RunConfig,
  state: RunState,
  role: Role,
  { identity }: VolunteerState,
): readonly number[] {
  const total = partCount(dataset, 'train');
  const count = Math.min(training.partsPerLease, total);
  const start = training.partsFor === 'volunteer' ? identity.index * count : (state.cursors[role] ?? 0);
  return Array.from({ length: count }, (_, i) => (start + i) % total);
}

export const countExamples = (config: RunConfig, split: 'train' | 'test', parts: readonly number[]): number =>
  parts.reduce((sum, part) => sum + partExamples(config.spec.dataset, split, part), 0);
