import type { Need } from '../../plan/cost/fit-task.ts';
import { fitsDevices } from '../../plan/plan-tasks.ts';
import { plannedTasks } from '../../plan/planned-tasks.ts';
import { partExamples } from '../../protocol/dataset.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { Task } from '../../protocol/lease.ts';
import { volunteersParts } from '../../protocol/root-set.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import type { RunSpec } from '../../protocol/run-spec.ts';
import {
  goalOf,
  hasServed,
  lateOf,
  MOST_UPDATES_A_ROUND,
  type RoundState,
  rolesOf,
  servedCount,
} from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { fits, needOf } from './device-fit.ts';
import { triesFor } from './return-rate.ts';

/** A role's task in a round, the parts that its next lease is on, and what these ask of a device. */
export interface RoundTask {
  readonly task: Task;
  readonly parts: readonly number[];
  readonly examples: number;
  readonly need: Need;
}

/** What a lease of a role asks of a device. */
export interface RoleNeed {
  readonly role: Role;
  readonly need: Need;
}

/** @param volunteer who would get the lease */
export const roundTasks = (config: RunConfig, state: RunState, volunteer: VolunteerState): RoundTask[] =>
  plannedTasks(config, state.round.number).map(task => {
    const parts = nextParts(config, state, task.role, volunteer);
    const examples = countExamples(config, 'train', parts);
    return { task, parts, examples, need: needOf(config, task, examples) };
  });

/** Whether some role lacks updates, fits this volunteer, and may still be served by it. */
export const isWanted = (
  config: RunConfig,
  state: RunState,
  tasks: readonly RoleNeed[],
  volunteer: VolunteerState,
): boolean =>
  tasks.some(
    ({ role, need }) =>
      lacksUpdates(state.round, role) &&
      fits(config, need, volunteer.identity.device) &&
      mayServe(config, state, volunteer, role),
  );

/** A round that has not opened has no goals yet, and lacks all of its updates. */
const lacksUpdates = (round: RoundState, role: Role): boolean =>
  round.status === 'unopened' || servedCount(round, role) < goalOf(round, role);

/**
 * [LEASE4] One update for a volunteer, role and round, or for a volunteer and round if the plan fits its tasks to devices.
 * A lease in hand counts as one. Its late updates may count in this round too, and no more than two of it do. [ROOT4] A
 * root update is none.
 */
export function mayServe(
  { spec }: RunConfig,
  { round, leases }: RunState,
  { id }: VolunteerState,
  role: Role,
): boolean {
  const roles = fitsDevices(spec.plan) ? rolesOf(round) : [role];
  const held = leases.heldBy(id).filter(lease => roles.includes(lease.role));
  if (held.some(lease => lease.round === round.number)) return false;
  if (roles.some(each => hasServed(round, each, id))) return false;
  const late = roles.reduce((sum, each) => sum + lateOf(round, each, id), 0);
  return held.length + late < MOST_UPDATES_A_ROUND;
}

/** [LEASE5] How many more leases of a role may be granted. */
export const placesLeft = (config: RunConfig, state: RunState, role: Role): number =>
  leftOf(placesFor(config.spec, goalOf(state.round, role)), state, role);

/** [LEASE5] The same for a volunteer who would idle otherwise. */
export const placesLeftToIdle = (config: RunConfig, state: RunState, role: Role): number =>
  leftOf(idlePlacesFor(config.spec, goalOf(state.round, role)), state, role);

/** Places are for what still lacks, as many as it takes if some leases bring nothing. */
function leftOf(places: number, state: RunState, role: Role): number {
  const { round, leases } = state;
  const served = servedCount(round, role);
  const tries = triesFor(Math.max(0, goalOf(round, role) - served), state);
  return Math.max(0, Math.max(places - served, tries) - leases.placesTaken(role, round.number));
}

/** [CROWD5] The places that are left if no more are given for lost leases, and those for a volunteer who would idle. */
export const firmPlacesLeft = (config: RunConfig, state: RunState, role: Role): number =>
  placesFor(config.spec, goalOf(state.round, role)) - takenOf(state, role);

export const firmPlacesLeftToIdle = (config: RunConfig, state: RunState, role: Role): number =>
  idlePlacesFor(config.spec, goalOf(state.round, role)) - takenOf(state, role);

const takenOf = ({ round, leases }: RunState, role: Role): number =>
  servedCount(round, role) + leases.placesTaken(role, round.number);

/** [CROWD5] How many newcomers may be on trial at a time. */
export function mostTrials({ spec }: RunConfig, { round }: RunState): number {
  const places = rolesOf(round).reduce((sum, role) => sum + placesFor(spec, goalOf(round, role)), 0);
  return Math.max(1, Math.floor(places / 4));
}

export const countTrials = ({ round, leases }: RunState): number =>
  rolesOf(round).reduce((sum, role) => sum + leases.trialsIn(role, round.number), 0);

const placesFor = ({ policy }: Pick<RunSpec, 'policy'>, goal: number): number =>
  Math.max(goal, Math.floor(goal * policy.overIssue));

/**
 * A small round has no whole place more by its over-issue. In synchronous rounds it stays so: what is trained beyond the
 * goal is lost. In buffered ones it counts in the next round, so a device that would idle is put to use.
 */
const idlePlacesFor = ({ policy }: RunSpec, goal: number): number =>
  policy.rounds === 'buffered' ? Math.ceil(goal * policy.overIssue) : placesFor({ policy }, goal);

/** [LEASE7] The parts that follow those which the role was leased last, or the volunteer's own. */
function nextParts(
  config: RunConfig,
  state: RunState,
  role: Role,
  { identity }: VolunteerState,
): readonly number[] {
  const { training } = config.spec;
  const count = Math.min(training.partsPerLease, volunteersParts(config.spec));
  const isOwn = training.partsFor === 'volunteer';
  return leaseParts(config, isOwn ? identity.index * count : (state.cursors[role] ?? 0));
}

/** [LEASE7] As many training parts as a lease has. After the last one comes the first again. [ROOT1] Held back ones never come. */
export function leaseParts({ spec }: RunConfig, start: number): readonly number[] {
  const total = volunteersParts(spec);
  const count = Math.min(spec.training.partsPerLease, total);
  return Array.from({ length: count }, (_, i) => (start + i) % total);
}

export const countExamples = (config: RunConfig, split: 'train' | 'test', parts: readonly number[]): number =>
  parts.reduce((sum, part) => sum + partExamples(config.spec.dataset, split, part), 0);
