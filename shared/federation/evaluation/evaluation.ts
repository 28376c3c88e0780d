import { fitsDevice } from '../../plan/cost/fit-task.ts';
import { evaluationTask, judgedSegments } from '../../plan/plan-tasks.ts';
import { partCount, partExamples } from '../../protocol/dataset.ts';
import type { EvaluationMetrics } from '../../protocol/lease.ts';
import type { Manifest } from '../../protocol/model-outline.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import type { LeaseAsk } from '../lease/lease-ask.ts';
import type { LeaseState } from '../lease/lease-state.ts';
import type { RunState } from '../run-state.ts';
import { hasHelped } from '../volunteer/standing.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import type { EvaluationState, Judgement } from './evaluation-state.ts';
import { withFailure } from './failed-judges.ts';
import { canConfirm, hasReferee, wantedOf } from './judges.ts';
import { mayConfirm } from './may-confirm.ts';
import { noteProgress } from './stalled.ts';
import { tally } from './tally.ts';

/** Judging all test parts once is so many leases. Two keep two devices busy and are not too small. */
const LEASES_A_VERSION = 2;

/** The token of a lease names its parts, and must stay short. */
const MAX_PARTS = 64;

/** [EVAL2] [EVAL3] Begins to evaluate the newest version, unless an evaluation is under way or the run leaves that version. */
export function startEvaluation(config: RunConfig, state: RunState, now: number): RunState {
  if (state.evaluation || state.evaluatedVersion === state.manifest.version) return state;
  if (state.round.status === 'returning') return state;
  // [CLOSE2] A version is being made, and that one is the last.
  if (state.closing && state.round.status !== 'over') return state;
  return {
    ...state,
    evaluation: newEvaluation(config, state.manifest, state.divergence.trainedBy, now),
  };
}

/** An evaluation that nobody has begun. */
export const newEvaluation = (
  config: RunConfig,
  manifest: Manifest,
  trainedBy: readonly string[],
  since: number,
): EvaluationState => ({
  manifest,
  trainedBy,
  parts: allParts(config),
  since,
  ...{ judgements: [], dropped: [], by: [], failed: [] },
});

const allParts = ({ spec }: RunConfig): number[] =>
  Array.from({ length: partCount(spec.dataset, 'test') }, (_, part) => part);

/** [EVAL9] The same with the parts drawn that are judged, as long as nobody has begun. */
export function drawParts(
  config: RunConfig,
  state: RunState,
  evaluation: EvaluationState,
  now: number,
): EvaluationState {
  const { judgements, manifest } = evaluation;
  if (judgements.length > 0 || state.leases.evaluatorsOf(manifest.version).length > 0) return evaluation;
  const isHalf =
    state.round.status !== 'over' &&
    canConfirm(config, { ...state, evaluation }, now) &&
    !hasReferee(config, state, evaluation, now);
  return { ...evaluation, parts: allParts(config).filter(part => !isHalf || part % 2 === 0) };
}

/** [EVAL9] The same with all parts drawn. Null if they are. */
export function drawAll(config: RunConfig, evaluation: EvaluationState): EvaluationState | null {
  const all = allParts(config);
  return evaluation.parts.length === all.length ? null : { ...evaluation, parts: all };
}

/**
 * [RUN5] Whether this version was judged by the segments that the plan's last one is judged by. These are all that is
 * exported.
 */
export const isJudgedAsAtTheEnd = (config: RunConfig, version: number): boolean =>
  areJudgedAlike(config, version, config.spec.rounds);

/** [BACK5] Whether two versions are judged by the same segments. */
export const areJudgedAlike = ({ spec, model }: RunConfig, one: number, other: number): boolean =>
  judgedSegments(spec, model, one).join() === judgedSegments(spec, model, other).join();

/**
 * [EVAL3] The parts of this volunteer's next evaluator's lease, fewer for a slow device. Empty if it can add nothing.
 * Parts that were judged or are in hand come first, so that they are soon confirmed.
 */
export function nextEvaluationParts(
  config: RunConfig,
  state: RunState,
  evaluation: EvaluationState,
  { volunteer, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
): readonly number[] {
  const isConfirming = canConfirm(config, { ...state, evaluation }, now);
  const inHand = state.leases.evaluatorsOf(evaluation.manifest.version);
  const open = tally(config, evaluation).flatMap(part => {
    const holders = inHand.filter(({ parts }) => parts.includes(part.part)).map(lease => lease.volunteer);
    const by = [...part.by, ...holders];
    const isOpen = wantedOf(part, isConfirming) > holders.length && !by.includes(volunteer.id);
    return isOpen ? [{ part: part.part, begun: by.length }] : [];
  });
  return open
    .toSorted((a, b) => b.begun - a.begun || a.part - b.part)
    .slice(0, partsAtOnce(config, evaluation, volunteer))
    .map(({ part }) => part);
}

/** [EVAL3] How many parts make a lease. */
function partsAtOnce(
  { spec, model }: RunConfig,
  evaluation: EvaluationState,
  { identity: { device } }: VolunteerState,
): number {
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
  return count;
}

/** A lease of these parts is granted. */
export const takeParts = (
  evaluation: EvaluationState,
  parts: readonly number[],
  { id }: VolunteerState,
): EvaluationState => ({
  ...evaluation,
  by: evaluation.by.includes(id) ? evaluation.by : [...evaluation.by, id],
  dropped: evaluation.dropped.filter(lease => lease.volunteer !== id || !isOfParts(lease, parts)),
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

/** [EVAL8] An evaluator's lease ended without an update. */
export function noteFailedJudge(state: RunState, { role, round, volunteer }: LeaseState): RunState {
  const { evaluation } = state;
  if (role !== 'evaluator' || evaluation?.manifest.version !== round) return state;
  return { ...state, evaluation: { ...evaluation, failed: withFailure(evaluation.failed, volunteer) } };
}

/** Keeps what was counted for an evaluator's lease. That of another version than the one under way changes nothing. */
export function countEvaluation(
  state: RunState,
  { volunteer, round, parts }: LeaseState,
  metrics: EvaluationMetrics,
  now: number,
): RunState {
  const { evaluation } = state;
  if (evaluation?.manifest.version !== round) return state;
  const { correct, lossSum, byPart } = metrics;
  const row = state.volunteers.get(volunteer);
  const judgement: Judgement = {
    volunteer,
    isReferee: row?.identity.referee ?? false,
    ...(row && hasHelped(row) && { hasHelped: true as const }),
    parts,
    correct: byPart?.correct ?? [correct],
    lossSum: byPart?.lossSum ?? [lossSum],
  };
  const judgements = [...evaluation.judgements, judgement];
  const since = mayConfirm(evaluation, judgement) ? now : evaluation.since;
  return noteProgress({ ...state, evaluation: { ...evaluation, judgements, since } }, now);
}

/** [KEY2] What this volunteer counted of the version that is judged does not count, and nobody waits for it any more. */
export function withoutJudge(state: RunState, volunteer: string): RunState {
  const { evaluation, spared } = state;
  return {
    ...state,
    evaluation: evaluation && {
      ...evaluation,
      judgements: evaluation.judgements.filter(one => one.volunteer !== volunteer),
    },
    ...(spared && { spared: spared.filter(id => id !== volunteer) }),
  };
}

/** [EVAL2] Whether every part that is drawn is settled. */
export function isComplete(config: RunConfig, state: RunState, now: number): boolean {
  const { evaluation } = state;
  if (!evaluation) return false;
  const parts = tally(config, evaluation);
  if (parts.some(({ likely }) => likely === null)) return false;
  return parts.every(({ confirmed }) => confirmed !== null) || !canConfirm(config, state, now);
}
