import type { RunConfig } from '../../protocol/run-config.ts';
import { helpfulVolunteers } from '../lease/crowd.ts';
import { isLongIdle } from '../lease/idle-round.ts';
import { hasUpdates } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { hasHelped, standingValue } from '../volunteer/standing.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { hasReferee } from './judges.ts';

/** [EVAL12] So many judge a version. */
const JUDGES = 2;

/**
 * [EVAL12] The state with two volunteers spared, so that the versions to come can be confirmed. Nobody is if there are
 * too few, or if a referee is here.
 */
export function spareJudges(config: RunConfig, state: RunState, now: number): RunState {
  if (!maySpare(config, state, now)) return state;
  let best: readonly VolunteerState[] = [];
  // Of a crowd only the best two are kept while it passes by.
  for (const volunteer of helpfulVolunteers(config, state, now))
    if (hasHelped(volunteer)) best = [...best, volunteer].toSorted(byStanding(state)).slice(0, JUDGES);
  return { ...state, spared: best.map(({ id }) => id) };
}

/** The highest first: it costs most to get there. Of equals who joined first. */
const byStanding =
  (state: RunState) =>
  (a: VolunteerState, b: VolunteerState): number =>
    standingValue(state, b) - standingValue(state, a) || a.identity.index - b.identity.index;

/** [EVAL12] Whether this volunteer gets no training lease. If too few are left, or a referee has come, everybody trains. */
export const isSpared = (config: RunConfig, state: RunState, { id }: VolunteerState, now: number): boolean =>
  state.spared?.includes(id) === true && maySpare(config, state, now) && !isDeserted(state, now);

const maySpare = (config: RunConfig, state: RunState, now: number): boolean =>
  helpfulVolunteers(config, state, now).count > JUDGES && !hasReferee(config, state, { failed: [] }, now);

/** The others are here and do not train: the run would stand still. */
const isDeserted = (state: RunState, now: number): boolean =>
  isLongIdle(state, now) && !hasUpdates(state.round);

/** A version was confirmed that nobody need be spared for. */
export function withoutSpared(state: RunState): RunState {
  const { spared: _, ...rest } = state;
  return state.spared ? rest : state;
}
