import { fitsDevice } from '../../plan/cost/fit-task.ts';
import { evaluationTask, judgedSegments } from '../../plan/plan-tasks.ts';
import { partCount, partExamples } from '../../protocol/dataset.ts';
import type { EvaluationMetrics } from '../../protocol/lease.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { activeReferees, activeVolunteers, hasAtLeast, isFree } from '../lease/crowd.ts';
import type { LeaseAsk } from '../lease/lease-ask.ts';
import type { LeaseState } from '../lease/lease-state.ts';
import { leasesFor } from '../lease/return-rate.ts';
import type { RunState } from '../run-state.ts';
import { setOf } from '../tables/set-of.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import type { EvaluationState } from './evaluation-state.ts';

/** A version's evaluation is shared among so many leases. Two keep two devices busy and are not too small. */
const LEASES_A_VERSION = 2;

/** The token of a lease names its parts, and must stay short. */
const MAX_PARTS = 64;

/** [EVAL2] [EVAL3] Begins to evaluate the newest version, unless an evaluation is under way. */
export function startEvaluation(config: RunConfig, state: RunState): RunState {
  if (state.evaluation || state.evaluatedVersion === state.manifest.version) return state;
  const pending = Array.from({ length: partCount(config.spec.dataset, 'test') }, (_, part) => part);
  return {
    ...state,
    evaluation: {
      manifest: state.manifest,
      pending,
      open: 0,
      dropped: [],
      by: [],
      examples: 0,
      correct: 0,
      lossSum: 0,
    },
  };
}

/**
 * [EVAL5] Whether the evaluation under way has waited too long: two versions came out since, or nothing is left to
 * train. It waits for more versions if many leases bring nothing. Each one that it takes then costs training as much.
 */
export const isLagging = (state: RunState): boolean =>
  state.evaluation !== null &&
  (state.round.status === 'over' || versionsBehind(state) > Math.round(leasesFor(1, state)));

const versionsBehind = ({ manifest, evaluation }: RunState): number =>
  evaluation ? manifest.version - evaluation.manifest.version : 0;

/** [LEASE6] Whether the evaluation comes before training: it lags, and nobody is at it. */
export const comesFirst = (state: RunState): boolean => isLagging(state) && state.evaluation?.open === 0;

/**
 * [RUN5] Whether this version was judged by the segments that the plan's last one is judged by. These are all that is
 * exported.
 */
export const isJudgedAsAtTheEnd = ({ spec, model }: RunConfig, version: number): boolean =>
  judgedSegments(spec, model, version).join() === judgedSegments(spec, model, spec.rounds).join();

/**
 * [EVAL5] Whether this volunteer may evaluate. It may if it holds the version from the round that it trained, since
 * nothing is downloaded for it then. If the evaluation lags, anyone may. A run may leave it to referees. [EVAL4]
 * Nobody gets a second lease of one version before every active volunteer had one. So no single volunteer says how
 * good the model is.
 */
export function mayEvaluate(
  config: RunConfig,
  state: RunState,
  { volunteer, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
): boolean {
  const { evaluation } = state;
  if (!evaluation) return false;
  if (config.spec.policy.evaluators === 'referees') return volunteer.identity.referee;
  const had = setOf(evaluation.by);
  if (!isLagging(state) && volunteer.holds !== evaluation.manifest.version) return false;
  const isNew = ({ id }: VolunteerState): boolean => !had.has(id);
  return isNew(volunteer) || !hasAtLeast(1, activeVolunteers(config, state, now), isNew, had.size);
}

/**
 * [LEASE12] Whether somebody else who is free could do a lagging evaluation as well as this volunteer, who is busy. One
 * could if it had no lease of it. If evaluation is left to referees, any referee could.
 */
export function isAnyoneFreeFor(
  config: RunConfig,
  state: RunState,
  { volunteer: self, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
): boolean {
  const had = setOf(state.evaluation?.by ?? []);
  const isFreeOther = (other: VolunteerState): boolean => other.id !== self.id && isFree(state, other);
  const isNew = (other: VolunteerState): boolean => isFreeOther(other) && !had.has(other.id);
  const mostBusy = 1 + state.leases.size;
  return config.spec.policy.evaluators === 'referees'
    ? hasAtLeast(1, activeReferees(config, state, now), isFreeOther, mostBusy)
    : hasAtLeast(1, activeVolunteers(config, state, now), isNew, mostBusy + had.size);
}

/** [EVAL3] The parts of this volunteer's next evaluator's lease, fewer for a slow device. Empty if all are taken. */
export function nextEvaluationParts(
  { spec, model }: RunConfig,
  evaluation: EvaluationState,
  { identity: { device } }: VolunteerState,
): readonly number[] {
  const share = Math.min(MAX_PARTS, Math.ceil(partCount(spec.dataset, 'test') / LEASES_A_VERSION));
  const work = {
    batch: spec.training.batch,
    examples: partExamples(spec.dataset, 'test', 0),
    leaseMs: spec.policy.leaseMs,
  };
  const inTime = (count: number): boolean =>
    fitsDevice(
      model,
      evaluationTask(spec, model, evaluation.manifest.version),
      { ...device, memoryMB: 0 },
      { ...work, examples: work.examples * count },
    );
  let count = share;
  while (count > 1 && !inTime(count)) count = Math.ceil(count / 2);
  return evaluation.pending.slice(0, count);
}

export const takeParts = (
  evaluation: EvaluationState,
  parts: readonly number[],
  volunteer: VolunteerState,
): EvaluationState => ({
  ...evaluation,
  by: [...new Set([...evaluation.by, volunteer.id])],
  pending: evaluation.pending.filter(part => !parts.includes(part)),
  open: evaluation.open + 1,
  dropped: evaluation.dropped.filter(lease => !isOfParts(lease, parts)),
});

const isOfParts = (lease: LeaseState, parts: readonly number[]): boolean =>
  lease.parts.some(part => parts.includes(part));

/**
 * [EVAL6] Remembers the leases that a volunteer dropped by asking anew. Their parts are its own for no longer than
 * before.
 */
export function keepDeadlines(state: RunState, leases: readonly LeaseState[]): RunState {
  const { evaluation } = state;
  const mine = leases.filter(
    ({ role, round }) => role === 'evaluator' && round === evaluation?.manifest.version,
  );
  if (!evaluation || mine.length === 0) return state;
  return { ...state, evaluation: { ...evaluation, dropped: [...evaluation.dropped, ...mine] } };
}

/**
 * [EVAL6] When a lease of these parts must end if this volunteer held some of them before. `Infinity` if all are new
 * to it.
 */
export const keptDeadline = (
  { dropped }: EvaluationState,
  parts: readonly number[],
  { volunteer, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
): number =>
  dropped
    .filter(lease => lease.volunteer === volunteer.id && lease.deadlineAt > now && isOfParts(lease, parts))
    .reduce((first, { deadlineAt }) => Math.min(first, deadlineAt), Number.POSITIVE_INFINITY);

/** [EVAL3] An evaluator's lease that ended without an update gives its parts back. */
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

/** Counts the result of an evaluator's lease. A result of another version than the one under way changes nothing. */
export function countEvaluation(state: RunState, version: number, metrics: EvaluationMetrics): RunState {
  const { evaluation } = state;
  if (evaluation?.manifest.version !== version) return state;
  return {
    ...state,
    evaluation: {
      ...evaluation,
      open: evaluation.open - 1,
      examples: evaluation.examples + metrics.examples,
      correct: evaluation.correct + metrics.correct,
      lossSum: evaluation.lossSum + metrics.lossSum,
    },
  };
}

export const isComplete = (evaluation: EvaluationState): boolean =>
  evaluation.pending.length === 0 && evaluation.open === 0;
