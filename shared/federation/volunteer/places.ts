import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { regroup } from '../lease/crowd.ts';
import type { RunState } from '../run-state.ts';
import { type Step, stay } from '../step.ts';
import { activeAfter, activeMs } from './active-volunteers.ts';
import { isOfNewcomers, isOfProven, isOfUnheard } from './group-mark.ts';
import { isProven } from './is-proven.ts';

/** [CROWD1] Whoever has joined asks for a lease at once, and whoever has gone may come back. */
const UNHEARD_MS = 60_000;

/** [CROWD1] The longest that anybody is told to wait is five minutes ([LEASE15]). */
const SILENT_MS = 360_000;

/** [CROWD2] In a full run somebody else has a try after so long. */
const MOST_TRIED_MS = 600_000;

/** No step takes long, however many have to leave. Whoever is left over leaves with the next ones who join. */
const MOST_AT_ONCE = 100;

/** [CROWD2] When somebody who finds the run full comes back: places come free all the time. */
const FULL_RETRY_MS = 15_000;

/**
 * [CROWD1] [CROWD3] Before somebody joins: those whose place has expired leave. It happens then and not before, since the
 * row of a joining is written anyway.
 */
export function expirePlaces(config: RunConfig, before: RunState, now: number): Step {
  const state = regroup(config, before);
  const leaving: string[] = [];
  for (const id of [...expired(config, state, now), ...forgotten(config, state, now)]) {
    if (state.leases.heldBy(id).length === 0) leaving.push(id);
    if (leaving.length === MOST_AT_ONCE) break;
  }
  return leave(state, leaving);
}

/** [CROWD1] Newcomers who are not here any more. */
function* expired({ spec }: RunConfig, { presence }: RunState, now: number): Generator<string, void> {
  const listensFor = now - presence.since;
  if (listensFor < UNHEARD_MS) return;
  yield* presence.silent('gone', now - UNHEARD_MS, isOfNewcomers);
  yield* presence.silent('here', now - UNHEARD_MS, isOfUnheard);
  const silentMs = Math.max(SILENT_MS, activeMs(spec));
  if (listensFor < silentMs) return;
  const isHeard = (group: string): boolean => isOfNewcomers(group) && !isOfUnheard(group);
  yield* presence.silent('here', now - silentMs, isHeard);
}

/** [CROWD3] Those who have worked and are away for longest, if they are too many to be remembered. */
function* forgotten({ spec }: RunConfig, { presence }: RunState, now: number): Generator<string, void> {
  const after = activeAfter(spec, now);
  const away = presence.count(isOfProven) - presence.countHere(after, isOfProven);
  let left = away - spec.policy.maxVolunteers;
  if (left <= 0) return;
  for (const which of ['gone', 'here'] as const)
    for (const id of presence.silent(which, after, isOfProven)) {
      yield id;
      if (--left === 0) return;
    }
}

/** [CROWD2] A place for one more, if need be that of somebody who has had time enough. Referees need none. */
export function makePlace(config: RunConfig, state: RunState, now: number): Result<Step> {
  const { maxVolunteers } = config.spec.policy;
  if (countPresent(config, state, now) < maxVolunteers) return accepted(stay(state));
  const giving = givingWay(config, state, now);
  if (giving !== null) return accepted(leave(state, [giving]));
  return {
    ...refused('busy', `the run is full: ${maxVolunteers} are here, and a place comes free now and then`),
    retryAfterMs: FULL_RETRY_MS,
  };
}

/** Newcomers have their place until it expires, whoever has worked as long as it is active. */
const countPresent = ({ spec }: RunConfig, { presence }: RunState, now: number): number =>
  presence.count(isOfNewcomers) + presence.countHere(activeAfter(spec, now), isOfProven);

/** A newcomer who is not active, or else the first of those who have tried for long enough. */
function givingWay(
  { spec }: RunConfig,
  { presence, volunteers, leases }: RunState,
  now: number,
): string | null {
  const isAtWork = (id: string): boolean => leases.heldBy(id).length > 0;
  for (const which of ['gone', 'here'] as const)
    for (const id of presence.silent(which, activeAfter(spec, now), isOfNewcomers))
      if (!isAtWork(id)) return id;
  // They are in the order of joining.
  for (const volunteer of volunteers.values()) {
    const { id, joinedAt = 0, isRemoved } = volunteer;
    if (isProven(volunteer) || isRemoved) continue;
    if (now - joinedAt < MOST_TRIED_MS) return null;
    if (!isAtWork(id)) return id;
  }
  return null;
}

/** They have no lease in hand. Nobody gets their index, and whoever comes back has joined anew. */
function leave(state: RunState, ids: readonly string[]): Step {
  if (ids.length === 0) return stay(state);
  let { volunteers, presence, paces } = state;
  for (const id of ids) {
    const volunteer = volunteers.get(id);
    if (volunteer) paces = paces.without(volunteer);
    volunteers = volunteers.delete(id);
    presence = presence.forget(id);
  }
  return {
    state: { ...state, volunteers, presence, paces },
    events: [{ type: 'volunteers-left', volunteers: [...ids] }],
  };
}
