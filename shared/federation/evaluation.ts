import { partCount } from '../datasets/dataset.ts';
import type { EvaluationMetrics } from '../protocol/lease.ts';
import type { EvaluationState, LeaseState, RunConfig, RunState, VolunteerState } from './run-state.ts';

/** Leases a version's evaluation is shared among: two keep two devices busy without cutting the work to crumbs. */
const LEASES_A_VERSION = 2;

/** Evaluation of the newest version begins as soon as none is under way. */
export function startEvaluation(config: RunConfig, state: RunState): RunState {
  if (state.evaluation || state.evaluatedVersion === state.manifest.version) return state;
  const pending = Array.from({ length: partCount(config.spec.dataset, 'test') }, (_, part) => part);
  return {
    ...state,
    evaluation: { manifest: state.manifest, pending, open: 0, examples: 0, correct: 0, lossSum: 0 },
  };
}

/** Whether the evaluation under way has waited long enough: a round has been trained since, or nothing is left to train. */
export const isLagging = (state: RunState): boolean =>
  state.evaluation !== null &&
  (state.stage === 'evaluating' || state.manifest.version - state.evaluation.manifest.version > 1);

/**
 * [EVAL1] Whether this volunteer may evaluate: it holds the version from the round it trained, so nothing is downloaded
 * for it; once the evaluation lags, anyone may. A run may leave it to referees.
 */
export function mayEvaluate(config: RunConfig, state: RunState, volunteer: VolunteerState): boolean {
  if (!state.evaluation) return false;
  if (config.spec.policy.evaluators === 'referees') return volunteer.referee;
  return isLagging(state) || volunteer.holds === state.evaluation.manifest.version;
}

/** The parts of the next evaluator's lease; empty where all are taken. */
export function nextEvaluationParts(config: RunConfig, evaluation: EvaluationState): readonly number[] {
  const share = Math.ceil(partCount(config.spec.dataset, 'test') / LEASES_A_VERSION);
  return evaluation.pending.slice(0, share);
}

export const takeParts = (evaluation: EvaluationState, parts: readonly number[]): EvaluationState => ({
  ...evaluation,
  pending: evaluation.pending.filter(part => !parts.includes(part)),
  open: evaluation.open + 1,
});

/** An evaluator's lease that ended without an answer gives its parts back. */
export function returnParts(state: RunState, lease: LeaseState): RunState {
  const { evaluation } = state;
  if (lease.role !== 'evaluator' || !evaluation || evaluation.manifest.version !== lease.round) return state;
  return {
    ...state,
    evaluation: {
      ...evaluation,
      pending: [...evaluation.pending, ...lease.parts],
      open: evaluation.open - 1,
    },
  };
}

export const addResult = (evaluation: EvaluationState, metrics: EvaluationMetrics): EvaluationState => ({
  ...evaluation,
  open: evaluation.open - 1,
  examples: evaluation.examples + metrics.examples,
  correct: evaluation.correct + metrics.correct,
  lossSum: evaluation.lossSum + metrics.lossSum,
});

export const isComplete = (evaluation: EvaluationState): boolean =>
  evaluation.pending.length === 0 && evaluation.open === 0;
