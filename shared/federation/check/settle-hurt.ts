import type { EventBody } from '../../protocol/events.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { publishVersion } from '../round/publish-version.ts';
import type { CheckingRound } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { joinSteps, type Step, stay } from '../step.ts';
import type { HurtFound } from './check-state.ts';
import { isMeasuredWhole, withMeasured } from './measured-versions.ts';
import { takeNothing } from './refuse-updates.ts';
import { isAbove, type RootLosses, worstExit } from './root-loss.ts';

/** [CHECK7] What the ledger says of a candidate that is not published. */
export function refusedCandidate(
  round: CheckingRound,
  by: string,
  { before, after, limits }: HurtFound,
): EventBody {
  const exit = worstExit(after, limits);
  const told = { before: before[exit] ?? 0, after: after[exit] ?? 0 };
  return { type: 'candidate-refused', version: round.number, turn: round.refused?.turn ?? 1, by, ...told };
}

/** The candidate is the next version, with what was measured of it. */
export function publishChecked(
  config: RunConfig,
  state: RunState,
  round: CheckingRound,
  { by, before, after }: { readonly by: string; readonly before: RootLosses; readonly after: RootLosses },
  now: number,
): Step {
  const measured = isMeasuredWhole(config, round.number)
    ? withMeasured(state, { version: round.number, losses: after })
    : state;
  const check = { by, before: before[0] ?? 0, after: after[0] ?? 0 };
  return publishVersion(config, measured, round, { check }, now);
}

/** [CHECK8] A candidate hurts, and no update of it is named. If it hurts badly nothing is taken, and else it was bad luck. */
export function settleHurt(
  config: RunConfig,
  state: RunState,
  round: CheckingRound,
  by: string,
  hurt: HurtFound,
  now: number,
): Step {
  if (!isAbove(hurt.after, hurt.badly)) return publishChecked(config, state, round, { by, ...hurt }, now);
  const told: Step = { state, events: [refusedCandidate(round, by, hurt)] };
  return joinSteps(told, stay(takeNothing(state, round, hurt.before)));
}
