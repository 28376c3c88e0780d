import type { RunConfig } from '../../protocol/run-config.ts';
import { areJudgedAlike } from '../evaluation/evaluation.ts';
import type { JudgedVersion } from '../evaluation/evaluation-state.ts';
import type { RunState } from '../run-state.ts';
import { joinSteps, type Step, stay } from '../step.ts';
import { takeBack } from './take-back.ts';
import type { Returns } from './take-back-state.ts';

/** [BACK6] After so many returns to the same weights another fall pauses the run. */
const MOST_RETURNS = 2;

/** 0.8 - 0.6 is a little more than 0.2. */
const ROUNDING = 1e-9;

/** Of equals the newest: it has the same weights, or nearly, and its memory is fresher. */
const bestOf = (versions: readonly JudgedVersion[]): JudgedVersion | null =>
  versions.reduce<JudgedVersion | null>(
    (best, one) => (best !== null && best.accuracy > one.accuracy ? best : one),
    null,
  );

/**
 * [BACK5] The version that a run falls back to after this one. Null if it did not fall.
 * @param judged a version that is not among those that are remembered
 */
export function fallsTo(
  config: RunConfig,
  state: RunState,
  judged: Omit<JudgedVersion, 'origin'>,
): JudgedVersion | null {
  const { maxDrop } = config.spec.policy;
  if (maxDrop === 0 || !judged.isConfirmed) return null;
  const best = bestOf(
    (state.judged ?? []).filter(
      one => one.isConfirmed && areJudgedAlike(config, one.version, judged.version),
    ),
  );
  return best && best.accuracy - judged.accuracy > maxDrop + ROUNDING ? best : null;
}

/** [BACK5] [BACK6] The run returns to the best version, and pauses if that does not help. */
export function fall(state: RunState, best: JudgedVersion, judged: Omit<JudgedVersion, 'origin'>): Step {
  const { round } = state;
  if (round.status === 'over' || round.status === 'returning') return stay(state);
  const returns: Returns = {
    origin: best.origin,
    count: state.returns?.origin === best.origin ? state.returns.count + 1 : 1,
  };
  const detail = `version ${judged.version} has ${percent(judged.accuracy)}, version ${best.version} had ${percent(best.accuracy)}`;
  const back = takeBack({ ...state, returns }, { to: best.version, why: 'fell', detail });
  if (returns.count <= MOST_RETURNS || state.phase !== 'open') return back;
  return joinSteps(back, {
    state: { ...back.state, phase: 'paused' },
    events: [{ type: 'run-paused', why: 'keeps-falling', detail }],
  });
}

/** [BACK6] A version that is better than the weights which the run returned to begins the count anew. */
export function withoutReturns(state: RunState, judged: JudgedVersion): RunState {
  const { returns, ...rest } = state;
  if (!returns || !judged.isConfirmed || judged.origin === returns.origin) return state;
  const before = Math.max(
    ...(state.judged ?? []).filter(({ origin }) => origin === returns.origin).map(({ accuracy }) => accuracy),
  );
  return judged.accuracy > before ? rest : state;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
