import type { Role } from '../../protocol/identifiers.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { hasUpdates, servedInAll } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { isProven } from '../volunteer/is-proven.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { hasAtLeast, provenVolunteers, waitingNewcomers } from './crowd.ts';
import { fits } from './device-fit.ts';
import { isLongIdle } from './idle-round.ts';
import type { LeaseAsk } from './lease-ask.ts';
import { isThrottled } from './reliability.ts';
import { countTrials, mayServe, mostTrials, type RoleNeed } from './round-tasks.ts';

/**
 * [CROWD5] Whether this is a newcomer, and somebody is here who has worked and does. Otherwise all are alike, as in a run
 * that has just begun.
 */
export const isOnTrial = (
  config: RunConfig,
  state: RunState,
  { volunteer, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
): boolean =>
  !isProven(volunteer) &&
  provenVolunteers(config, state, now).count > 0 &&
  !(isLongIdle(state, now) && !hasUpdates(state.round));

/**
 * [CROWD5] What a newcomer may have of a role: a place that those who have worked leave over, or one of the few that are for
 * newcomers as much as for anybody.
 * @param places that are left
 */
export function trialPlace(
  config: RunConfig,
  state: RunState,
  need: RoleNeed,
  places: number,
  { now }: Pick<LeaseAsk, 'now'>,
): 'place' | 'trial' | null {
  if (places <= 0) return null;
  if (isLeftOver(config, state, need, places, now)) return 'place';
  return countTrials(state) < mostTrials(config, state) ? 'trial' : null;
}

/** Whether a place is left after each of them has got one who has worked and may serve. */
function isLeftOver(
  config: RunConfig,
  state: RunState,
  { role, need }: RoleNeed,
  places: number,
  now: number,
): boolean {
  const proven = provenVolunteers(config, state, now);
  // Of a crowd it is known without a look, unless more than half are held back.
  const mostOthers = servedInAll(state.round) + state.leases.size + proven.count / 2;
  return !hasAtLeast(
    places,
    proven,
    volunteer =>
      fits(config, need, volunteer.identity.device) &&
      mayServe(config, state, volunteer, role) &&
      !isThrottled({ volunteer, now }),
    mostOthers,
  );
}

/**
 * [CROWD6] Whether all places left of a role are for newcomers who had no lease yet. Nobody is proven, so one that has left a
 * lease without an update comes after them.
 */
export function isKeptForUntried(
  config: RunConfig,
  state: RunState,
  role: Role,
  places: number,
  { volunteer: self, now, isAhead }: LeaseAsk,
): boolean {
  if (isAhead || isProven(self) || isUntried(self) || isLongIdle(state, now)) return false;
  return hasAtLeast(
    places,
    waitingNewcomers(config, state, now),
    other => isUntried(other) && mayServe(config, state, other, role),
  );
}

const isUntried = ({ reliability }: VolunteerState): boolean => reliability.leasesWithoutUpdate === 0;

/** [CROWD5] One evaluator's lease at a time is a newcomer's, so that silent ones cannot hold all of a version's parts. */
export const mayJudgeOnTrial = ({ leases }: RunState, version: number): boolean =>
  !leases.evaluatorsOf(version).some(({ isTrial }) => isTrial);
