import { fitsDevices, undrawnTasks } from '../../plan/plan-tasks.ts';
import type { Role } from '../../protocol/identifiers.ts';
import { comparesWithRoot } from '../../protocol/root-set.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import type { Able } from '../round/round-goals.ts';
import type { RunState } from '../run-state.ts';
import { activeAfter } from '../volunteer/active-volunteers.ts';
import {
  isOfFailing,
  isOfHeldBack,
  isOfHelpful,
  isOfProven,
  isOfReferees,
  isOfTrusted,
  isOfWaiting,
  marked,
  markOf,
  tasksOf,
} from '../volunteer/group-mark.ts';
import { isProven } from '../volunteer/is-proven.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { fits, needOf } from './device-fit.ts';
import { countExamples, leaseParts, type RoleNeed } from './round-tasks.ts';

/**
 * The volunteers who are here, grouped by what they are to the run and by the tasks of the round that fit them. So a step
 * need not ask every device what fits it: the groups are made anew only if the tasks ask for something else than before.
 */

/** What the roles of a round ask, with parts of the usual size: others are counted before their parts are known. */
interface Counted {
  readonly round: number;
  readonly tasks: readonly RoleNeed[];
  /** Says what the tasks ask. Rounds whose tasks ask the same have the same groups. */
  readonly key: string;
}

/** Of each run the round that was asked for last. */
const known = new WeakMap<RunConfig, Counted>();

function counted(config: RunConfig, round: number): Counted {
  const kept = known.get(config);
  if (kept?.round === round) return kept;
  const examples = countExamples(config, 'train', leaseParts(config, 0));
  const tasks = undrawnTasks(config.spec, config.model, round).map(task => ({
    role: task.role,
    need: needOf(config, task, examples),
  }));
  const made = { round, tasks, key: JSON.stringify(tasks) };
  known.set(config, made);
  return made;
}

/** What the roles of a round ask, the lightest first. */
export const countedTasks = (config: RunConfig, round: number): readonly RoleNeed[] =>
  counted(config, round).tasks;

/** A 1 for each task that fits the device, else a 0. */
const fittingTasks = (config: RunConfig, tasks: readonly RoleNeed[], { identity }: VolunteerState): string =>
  tasks.map(({ need }) => (fits(config, need, identity.device) ? '1' : '0')).join('');

function groupOf(config: RunConfig, { round }: RunState, volunteer: VolunteerState, seenAt: number): string {
  const tasks = fittingTasks(config, countedTasks(config, round.number), volunteer);
  return marked(markOf(volunteer, seenAt), tasks, volunteer.heldBackUntil);
}

const hasTask = (group: string): boolean => tasksOf(group).includes('1');

/** [CHECK10] Whose group makes one able: one of those who are not held back, as long as there are such. */
function ableGroups(
  { spec }: RunConfig,
  { presence, round }: RunState,
  now: number,
): (group: string) => boolean {
  const ofFree = (group: string): boolean => hasTask(group) && !isOfHeldBack(group, round.number);
  return presence.countHere(activeAfter(spec, now), ofFree) > 0 ? ofFree : hasTask;
}

/** Groups the volunteers by the tasks of the round, unless they are. */
export function regroup(config: RunConfig, state: RunState): RunState {
  const { key } = counted(config, state.round.number);
  if (state.presence.groupedBy === key) return state;
  const presence = state.presence.regrouped(key, (id, seenAt) => {
    const volunteer = state.volunteers.get(id);
    return volunteer ? groupOf(config, state, volunteer, seenAt) : '';
  });
  return { ...state, presence };
}

/** The volunteer is heard of. */
export function see(config: RunConfig, before: RunState, volunteer: VolunteerState, now: number): RunState {
  const state = regroup(config, before);
  const group = groupOf(config, state, volunteer, now);
  return { ...state, presence: state.presence.see(volunteer.id, now, group) };
}

/** [CHECK10] [EVAL13] The volunteer is put into the group that it is in now, though nothing was heard of it. */
export function keepGroup(config: RunConfig, state: RunState, id: string): RunState {
  const [volunteer, seenAt] = [state.volunteers.get(id), state.presence.seenAt(id)];
  if (!volunteer || seenAt === undefined || state.presence.isGone(id)) return state;
  return see(config, state, volunteer, seenAt);
}

/** The same of a volunteer who may never have joined, or whom the host has put out. */
export function seeIfKnown(config: RunConfig, state: RunState, id: string, now: number): RunState {
  const volunteer = state.volunteers.get(id);
  return volunteer && !volunteer.isRemoved ? see(config, state, volunteer, now) : state;
}

/** How many volunteers are active. */
export const countActive = ({ spec }: RunConfig, { presence }: RunState, now: number): number =>
  presence.countHere(activeAfter(spec, now));

/** Volunteers who are active. They come in no order that a decision may depend on, and whoever has seen enough stops. */
export interface ActiveVolunteers extends Iterable<VolunteerState> {
  /** How many there are. It is known without a walk. */
  readonly count: number;
}

/** The active volunteers, or those of some groups. */
export function activeVolunteers(
  { spec }: RunConfig,
  { presence, volunteers }: RunState,
  now: number,
  isAsked?: (group: string) => boolean,
): ActiveVolunteers {
  const after = activeAfter(spec, now);
  return {
    count: presence.countHere(after, isAsked),
    *[Symbol.iterator]() {
      for (const id of presence.here(after, isAsked)) {
        const volunteer = volunteers.get(id);
        if (volunteer) yield volunteer;
      }
    },
  };
}

/** [ROUND1] Those whom some role of the round fits. A round waits only for those who can train. */
export function ableVolunteers(config: RunConfig, before: RunState, now: number): ActiveVolunteers {
  const state = regroup(config, before);
  return activeVolunteers(config, state, now, ableGroups(config, state, now));
}

/** Whether this one is among them. */
export function isAble(config: RunConfig, before: RunState, volunteer: VolunteerState, now: number): boolean {
  const state = regroup(config, before);
  const { presence } = state;
  const isActive =
    !presence.isGone(volunteer.id) && (presence.seenAt(volunteer.id) ?? 0) > activeAfter(config.spec, now);
  return isActive && ableGroups(config, state, now)(groupOf(config, state, volunteer, now));
}

/** [LEASE14] Those whom this role fits, and no other. Any device can say so of itself, so those who fail are left out (CROWD6). */
export function boundTo(
  config: RunConfig,
  state: RunState,
  role: Role,
  now: number,
  isAsked = isOfSound,
): ActiveVolunteers {
  const tasks = countedTasks(config, state.round.number);
  const group = tasks.map(task => (task.role === role ? '1' : '0')).join('');
  const isBound = (one: string): boolean =>
    tasksOf(one) === group && isAsked(one) && !isOfHeldBack(one, state.round.number);
  return activeVolunteers(config, state, now, isBound);
}

const isOfSound = (group: string): boolean => !isOfFailing(group);

/** Whether this role fits the device of anybody who is here. */
export function hasFitting(config: RunConfig, before: RunState, role: Role, now: number): boolean {
  const state = regroup(config, before);
  const at = countedTasks(config, state.round.number).findIndex(task => task.role === role);
  return activeVolunteers(config, state, now, group => tasksOf(group)[at] === '1').count > 0;
}

export const activeReferees = (config: RunConfig, state: RunState, now: number): ActiveVolunteers =>
  // Nobody is grouped yet if the object has just woken up.
  activeVolunteers(config, regroup(config, state), now, isOfReferees);

/** [CROWD4] Those whom some role of the round fits and who have shown that they work. */
export const provenVolunteers = (config: RunConfig, state: RunState, now: number): ActiveVolunteers =>
  activeVolunteers(config, regroup(config, state), now, group => hasTask(group) && isOfProven(group));

/** [STAND8] Referees, and those who are trusted, or were when they were heard of last: time alone brings that down. */
export const trustedVolunteers = (config: RunConfig, state: RunState, now: number): ActiveVolunteers =>
  activeVolunteers(config, state, now, isOfTrusted);

/** [EVAL13] Referees, and those who have helped. */
export const helpfulVolunteers = (config: RunConfig, state: RunState, now: number): ActiveVolunteers =>
  // Nobody is grouped yet if the object has just woken up.
  activeVolunteers(config, regroup(config, state), now, isOfHelpful);

/** [LEASE12] Whether a volunteer who is active is free: it has no lease in hand. */
export const isFree = ({ leases }: RunState, { id }: VolunteerState): boolean =>
  leases.heldBy(id).length === 0;

/**
 * Whether so many are as the rule says. It looks no further than it must: of a crowd it is known without a look at anybody.
 * @param mostOthers no more than so many are not as the rule says
 */
export function hasAtLeast(
  count: number,
  volunteers: ActiveVolunteers,
  isMet: (volunteer: VolunteerState) => boolean,
  mostOthers = Number.POSITIVE_INFINITY,
): boolean {
  let left = count;
  if (left <= 0 || volunteers.count - mostOthers >= left) return true;
  if (volunteers.count < left) return false;
  for (const volunteer of volunteers) if (isMet(volunteer) && --left === 0) return true;
  return false;
}

/** [EVAL4] [CROWD6] Whom a volunteer leaves an evaluation to: who is proven to others who are, and nobody to those who fail. */
export const peersOf = (
  config: RunConfig,
  state: RunState,
  volunteer: VolunteerState,
  now: number,
): ActiveVolunteers =>
  isProven(volunteer)
    ? activeVolunteers(config, regroup(config, state), now, isOfProven)
    : soundVolunteers(config, state, now);

/** [CROWD6] Newcomers who asked for something since they joined, whom some role of the round fits and who do not fail. */
export const waitingNewcomers = (config: RunConfig, state: RunState, now: number): ActiveVolunteers =>
  activeVolunteers(config, regroup(config, state), now, group => hasTask(group) && isOfWaiting(group));

/** [CROWD6] Those who do not fail. */
const soundVolunteers = (config: RunConfig, state: RunState, now: number): ActiveVolunteers =>
  activeVolunteers(config, regroup(config, state), now, group => !isOfFailing(group));

/** Those whom some role of the round fits and who are no referees. */
const isOfOthers = (group: string): boolean => hasTask(group) && !isOfReferees(group);

/** [ROOT4] Whether somebody is able who is no referee, whose updates could be compared with a root update. */
export const hasOthers = (config: RunConfig, state: RunState, now: number): boolean =>
  activeVolunteers(config, regroup(config, state), now, isOfOthers).count > 0;

/**
 * [ROUND1] The able volunteers, and how many of them each role is the heaviest for that fits. [CROWD6] Nobody counts on those
 * who left their leases without an update, unless there is nobody else.
 */
export function countAble(config: RunConfig, before: RunState, now: number): Able {
  const state = regroup(config, before);
  const { presence, round } = state;
  const mayTrain = ableGroups(config, state, now);
  const after = activeAfter(config.spec, now);
  // [ROOT4] A referee trains for the root update first, if there is anything to compare with it.
  const isFirst = comparesWithRoot(config.spec) && presence.countHere(after, isOfOthers) > 0;
  const isAsked = (group: string): boolean => mayTrain(group) && !(isFirst && isOfReferees(group));
  const roles = countedTasks(config, round.number).map(({ role }) => role);
  const isSound = (group: string): boolean => isAsked(group) && !isOfFailing(group);
  const isCounted = presence.countHere(after, isSound) > 0 ? isSound : isAsked;
  const byRole = roles.map((role, i) => {
    const isHeaviest = (group: string): boolean =>
      isCounted(group) && isAsked(group) && tasksOf(group).lastIndexOf('1') === i;
    return [role, presence.countHere(after, isHeaviest)];
  });
  return {
    count: presence.countHere(after, isCounted),
    roles,
    byRole: fitsDevices(config.spec.plan) ? Object.fromEntries(byRole) : null,
  };
}
