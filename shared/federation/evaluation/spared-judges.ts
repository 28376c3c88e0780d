import type { RunConfig } from '../../protocol/run-config.ts';
import { activeVolunteers, countActive } from '../lease/crowd.ts';
import type { RunState } from '../run-state.ts';
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
  let first: readonly VolunteerState[] = [];
  // Of a crowd only the first two are kept while it passes by.
  for (const volunteer of activeVolunteers(config, state, now))
    first = [...first, volunteer].toSorted((a, b) => a.identity.index - b.identity.index).slice(0, JUDGES);
  return { ...state, spared: first.map(({ id }) => id) };
}

/** [EVAL12] Whether this volunteer gets no training lease. If too few are left, or a referee has come, everybody trains. */
export const isSpared = (config: RunConfig, state: RunState, { id }: VolunteerState, now: number): boolean =>
  state.spared?.includes(id) === true && maySpare(config, state, now);

const maySpare = (config: RunConfig, state: RunState, now: number): boolean =>
  countActive(config, state, now) > JUDGES && !hasReferee(config, state, { failed: [] }, now);

/** A version was confirmed that nobody need be spared for. */
export function withoutSpared(state: RunState): RunState {
  const { spared: _, ...rest } = state;
  return state.spared ? rest : state;
}
