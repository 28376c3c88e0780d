import type { RunConfig } from '../../protocol/run-config.ts';
import { beginClosing } from '../closing/closing.ts';
import { finish } from '../finish.ts';
import { endLeases } from '../lease/end-leases.ts';
import type { RunState } from '../run-state.ts';
import { joinSteps, type Step, stay } from '../step.ts';
import { fall, fallsTo, withoutReturns } from '../take-back/falls.ts';
import { drawAll, isComplete, isJudgedAsAtTheEnd, startEvaluation } from './evaluation.ts';
import type { EvaluationState, JudgedVersion } from './evaluation-state.ts';
import { withJudged } from './judged-versions.ts';
import { spareJudges, withoutSpared } from './spared-judges.ts';
import { noteContradicted, verdictOf } from './verdict.ts';

/**
 * [EVAL2] If every test part is settled, the version has its accuracy. Then the run may be over, or fall back to an older
 * version. [EVAL9] A verdict of such weight is made of all parts.
 */
export function judge(config: RunConfig, state: RunState, now: number): Step {
  const { evaluation } = state;
  if (isOver(state)) return finish(state, state.closing?.why ?? 'rounds');
  // An evaluation that an older release began is not kept.
  if (!evaluation) return stay(startEvaluation(config, state, now));
  if (!isComplete(config, state, now)) return stay(state);
  const { version } = evaluation.manifest;
  const judged: JudgedVersion = { version, origin: version, ...verdictOf(config, evaluation) };
  const best = fallsTo(config, state, judged);
  const isDecisive = judged.isConfirmed && (best !== null || isTarget(config, judged));
  const whole = isDecisive ? drawAll(config, evaluation) : null;
  if (whole) return stay({ ...state, evaluation: whole });
  const told = tell(config, state, evaluation, judged);
  const fallen = best && fall(told.state, best, judged);
  // [BACK5] After the last round it is too late to return.
  const isBack = fallen && fallen.state !== told.state;
  return joinSteps(told, isBack ? fallen : goOn(config, told.state, judged, evaluation, now));
}

/** The last version may be one that the run returned to. Nobody judges that once more. */
const isOver = ({ round, evaluation, evaluatedVersion, manifest }: RunState): boolean =>
  round.status === 'over' && evaluation === null && evaluatedVersion === manifest.version;

const isTarget = ({ spec, ...config }: RunConfig, { version, accuracy }: JudgedVersion): boolean =>
  spec.stopAtTarget && accuracy >= spec.targetAccuracy && isJudgedAsAtTheEnd({ spec, ...config }, version);

/** The ledger tells of the version and of whose word was wrong. Leases of the evaluation that are left bring nothing more. */
function tell(config: RunConfig, before: RunState, evaluation: EvaluationState, judged: JudgedVersion): Step {
  const { version, examples, accuracy, loss, isConfirmed } = judged;
  const left = before.leases.evaluatorsOf(version);
  const state: RunState = { ...before, evaluation: null, evaluatedVersion: version };
  const contradicted = noteContradicted(config, state, evaluation);
  const ended = endLeases(contradicted.state, left, 'the version is judged');
  return {
    state: withJudged(withoutReturns(ended.state, judged), judged),
    events: [
      {
        ...{ type: 'version-evaluated', version, examples, accuracy, loss },
        ...(isConfirmed ? {} : { confirmed: false }),
      },
      ...contradicted.events,
      ...ended.events,
    ],
  };
}

/** [CLOSE1] If a newer version is out, that is the last one, and is judged first. */
function endAtTarget(config: RunConfig, state: RunState, { version }: JudgedVersion, now: number): Step {
  if (version === state.manifest.version) return finish(state, 'target');
  if (!state.closing) return beginClosing(config, state, 'target', now);
  return stay(startEvaluation(config, { ...state, closing: { ...state.closing, why: 'target' } }, now));
}

/** The newest version is next, unless the run is over. */
function goOn(
  config: RunConfig,
  before: RunState,
  judged: JudgedVersion,
  { judgements }: EvaluationState,
  now: number,
): Step {
  if (judged.isConfirmed && isTarget(config, judged) && before.closing?.why !== 'host')
    return endAtTarget(config, before, judged, now);
  const next = startEvaluation(config, before, now);
  if (isOver(next)) return finish(next, next.closing?.why ?? 'rounds');
  if (judged.isConfirmed) return stay(withoutSpared(next));
  // [EVAL12] Otherwise whoever only judges could keep two from training.
  const isLikely = isTarget(config, judged) && judgements.every(({ hasHelped }) => hasHelped);
  return stay(isLikely ? spareJudges(config, next, now) : next);
}
