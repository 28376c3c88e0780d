import { fitsDevices } from '../../plan/plan-tasks.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { hasServedIn, servedInAll, wantedInAll } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { isOfProven } from '../volunteer/group-mark.ts';
import { isProven } from '../volunteer/is-proven.ts';
import { comesLast } from '../volunteer/standing.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { ableVolunteers, boundTo, hasAtLeast, isFree, provenVolunteers } from './crowd.ts';
import { fits } from './device-fit.ts';
import { isLongIdle } from './idle-round.ts';
import type { LeaseAsk } from './lease-ask.ts';
import { isThrottled } from './reliability.ts';
import { leavesToOthers } from './root-lease.ts';
import {
  countTrials,
  firmPlacesLeft,
  firmPlacesLeftToIdle,
  mayServe,
  mostTrials,
  placesLeft,
  placesLeftToIdle,
  type RoundTask,
} from './round-tasks.ts';
import { isKeptForUntried, isOnTrial, trialPlace } from './trial.ts';

/** A task, and whether it is leased on trial ([CROWD5]). */
export interface ChosenTask extends RoundTask {
  readonly isTrial?: true;
}

/**
 * [LEASE6] The task for this volunteer. The one whose turn it is comes first, or the heaviest if the plan fits its tasks
 * to devices. Null if none has a place for it.
 */
export function chooseTask(
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  ask: LeaseAsk,
): ChosenTask | null {
  const { volunteer } = ask;
  const isBehind = ask.isAhead || isBehindOthers(state, ask);
  if (isBehind && !isPlaceToSpare(config, state, tasks, ask)) return null;
  const offered = fitsDevices(config.spec.plan)
    ? tasks.toReversed()
    : inTurn(tasks, volunteer.identity.index + state.round.number);
  const fitting = offered.filter(
    ({ need, task: { role } }) =>
      fits(config, need, volunteer.identity.device) &&
      !leavesToOthers(config, state, volunteer, role, ask.now),
  );
  if (isOnTrial(config, state, ask)) return chooseOnTrial(config, state, fitting, ask);
  const withPlace = (placesOf: typeof placesLeft): RoundTask | undefined =>
    fitting.find(({ task: { role } }) => {
      const places = placesOf(config, state, role);
      if (places === 0 || !mayServe(config, state, volunteer, role)) return false;
      if (isKeptForUntried(config, state, role, places, ask)) return false;
      return fitting.length === 1 || !isKeptFor(config, state, role, places, ask);
    });
  return withPlace(placesLeft) ?? (isIdle(state, ask) ? withPlace(placesLeftToIdle) : null) ?? null;
}

/** [STAND8] Those whom it waits for may be gone, so it does not wait once nobody has been at work for a while. */
const isBehindOthers = (state: RunState, { volunteer, now }: LeaseAsk): boolean =>
  comesLast(state, volunteer) && !isLongIdle(state, now);

/** [CROWD5] The first one that a newcomer may have. */
function chooseOnTrial(
  config: RunConfig,
  state: RunState,
  fitting: readonly RoundTask[],
  ask: LeaseAsk,
): ChosenTask | null {
  for (const placesOf of [firmPlacesLeft, firmPlacesLeftToIdle])
    for (const task of fitting) {
      const { role } = task.task;
      if (!mayServe(config, state, ask.volunteer, role)) continue;
      const places = placesOf(config, state, role);
      const place = trialPlace(config, state, { role, need: task.need }, places, ask);
      if (place !== null) return place === 'trial' ? { ...task, isTrial: true } : task;
    }
  return null;
}

/** [LEASE5] It has nothing in hand, and has done nothing in this round. */
const isIdle = (state: RunState, { volunteer, isAhead }: LeaseAsk): boolean =>
  !isAhead && !hasServedIn(state.round, volunteer.id);

/** Volunteer i is offered task (i + r) mod n first, then the others. */
const inTurn = (tasks: readonly RoundTask[], turn: number): readonly RoundTask[] => {
  const first = turn % tasks.length;
  return [...tasks.slice(first), ...tasks.slice(0, first)];
};

/**
 * [LEASE14] Whether all places left of a role are kept for others: for volunteers who have not served and whom
 * nothing else of the round fits. They may be gone, so nothing is kept once nobody has been at work for a while.
 */
function isKeptFor(
  config: RunConfig,
  state: RunState,
  role: Role,
  places: number,
  { volunteer: self, now }: LeaseAsk,
): boolean {
  if (isLongIdle(state, now)) return false;
  const bound = boundTo(config, state, role, now);
  if (places > mostKept(config, state, role, { volunteer: self, now })) return false;
  return hasAtLeast(
    places,
    bound,
    volunteer =>
      volunteer.id !== self.id &&
      mayServe(config, state, volunteer, role) &&
      !leavesToOthers(config, state, volunteer, role, now) &&
      !isThrottled({ volunteer, now }),
  );
}

/**
 * [LEASE14] Of a crowd only some can serve in a round. Those whom one role alone fits have their share, and no more is kept.
 * [CROWD5] Somebody proven keeps no more for newcomers than they may have on trial.
 */
function mostKept(
  config: RunConfig,
  state: RunState,
  role: Role,
  { volunteer, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
): number {
  const all = boundTo(config, state, role, now).count;
  const shareOf = (bound: number, able: number): number => {
    const wanted = wantedInAll(state.round);
    return able <= wanted ? bound : Math.ceil((bound * wanted) / able);
  };
  if (!isProven(volunteer)) return shareOf(all, ableVolunteers(config, state, now).count);
  const proven = boundTo(config, state, role, now, isOfProven).count;
  const trials = Math.max(0, mostTrials(config, state) - countTrials(state));
  return shareOf(proven, provenVolunteers(config, state, now).count) + Math.min(all - proven, trials);
}

/**
 * [LEASE12] Whether a place is left after every free volunteer has got one who is able and has not served. Nobody has
 * to wait because somebody else has a second lease. Newcomers have places of their own, if they are on trial ([CROWD5]).
 * [STAND8] The same for one who comes last, but it waits for nobody like it.
 */
function isPlaceToSpare(
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  { volunteer: self, now, isAhead }: LeaseAsk,
): boolean {
  const places = tasks.reduce((sum, { task }) => sum + placesLeft(config, state, task.role), 0);
  const isWaiting = (other: VolunteerState): boolean =>
    other.id !== self.id &&
    isFree(state, other) &&
    !hasServedIn(state.round, other.id) &&
    (isAhead || !comesLast(state, other));
  const mostOthers = isAhead ? 1 + state.leases.size + servedInAll(state.round) : undefined;
  const others = (isProven(self) ? provenVolunteers : ableVolunteers)(config, state, now);
  return !hasAtLeast(places, others, isWaiting, mostOthers);
}
