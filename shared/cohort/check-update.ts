import { largestMagnitude } from '../aggregation/exact-sum.ts';
import { updateNorm } from '../aggregation/update-norm.ts';
import { decodeUpdate, openEnvelope } from '../codec/envelope.ts';
import { sha256Hex } from '../math/sha256.ts';
import { type ExpectedTensor, expectedTensors } from '../protocol/expected-tensors.ts';
import { largestDownload } from '../protocol/largest-download.ts';
import {
  type EvaluationMetrics,
  evaluationMetricsSchema,
  type LeaseClaims,
  type TrainingMetrics,
  trainingMetricsSchema,
} from '../protocol/lease.ts';
import { MAX_EPOCHS } from '../protocol/plan-spec.ts';
import { accepted, type Refusal, type Result, refused } from '../protocol/refusals.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { whyImpossible } from '../protocol/statistic.ts';
import { whyImpossibleCount } from './check-judgement.ts';
import { largestChanges } from './largest-change.ts';
import { taskOf } from './trained-segments.ts';

/** What is known of an update that passed every check, without its values. */
export interface CheckedFacts {
  /** L2 norm over all changes of what is learnt. */
  readonly norm: number;
  readonly sha256: string;
  readonly metrics: TrainingMetrics | EvaluationMetrics;
}

export interface CheckedUpdate extends CheckedFacts {
  /** One array for each tensor of `expectedTensors`: the change of what is learnt, the value of a statistic. */
  readonly values: readonly Float32Array[];
  /** Those of them that are changes of what is learnt. The norm is of these. */
  readonly changes: readonly Float32Array[];
}

/** A tensor of an update, and the largest change of one of its values that is accepted. */
export interface CheckedTensor extends ExpectedTensor {
  readonly most: number;
}

/** The tensors that a lease's update has, in order. */
export function tensorsOf(config: RunConfig, claims: LeaseClaims): CheckedTensor[] {
  const mostOf = largestChanges(config, claims);
  const slices = taskOf(config, claims.round, claims.role)?.slices;
  return expectedTensors(config.model, claims.trains, slices).map(tensor => ({
    ...tensor,
    most: mostOf(tensor),
  }));
}

export const isLearnt = ({ statistic }: ExpectedTensor): boolean => statistic === undefined;

/**
 * The acceptance rules for what a lease's holder sent (ACC3 to ACC8), if it lies in memory whole. `StreamedCheck` says
 * the same of one that passes by. `acceptance` says whether the lease still takes an update. Everything here is hostile
 * until it is checked. Sizes come from the claims and the model, never from the sender.
 */
export function checkUpdate(
  config: RunConfig,
  claims: LeaseClaims,
  envelope: Uint8Array,
): Result<CheckedUpdate> {
  if (envelope.length > claims.byteAllowance) return overAllowance(envelope.length, claims);
  const opened = openEnvelope(envelope);
  if (!opened.ok) return opened;
  if (opened.value.lease !== claims.lease) return ofAnotherLease;
  const tensors = tensorsOf(config, claims);
  const values = decodeUpdate(opened.value, { codec: config.spec.codec, tensors });
  if (!values.ok) return values;
  const changes = values.value.filter((_, i) => tensors[i] !== undefined && isLearnt(tensors[i]));
  // Weights that run away take the statistics behind them along, so what is learnt is judged first.
  const tooLarge = whyTooLarge(tensors.filter(isLearnt), changes.map(largestMagnitude));
  if (tooLarge !== null) return refused('out-of-range', tooLarge);
  const impossible = whyNoStatistics(tensors, values.value);
  if (impossible !== null) return refused('bad-statistics', impossible);
  const metrics = checkMetrics(config, claims, opened.value.metrics);
  if (!metrics.ok) return metrics;
  return accepted({
    values: values.value,
    changes,
    norm: updateNorm(changes),
    sha256: sha256Hex(envelope),
    metrics: metrics.value,
  });
}

/** [ACC3] */
export const overAllowance = (bytes: number, { byteAllowance }: LeaseClaims): Refusal =>
  refused('too-large', `${bytes} of ${byteAllowance} bytes`);

/** [ACC5] */
export const ofAnotherLease = refused('unauthorised', 'the envelope is of another lease');

/**
 * Which weights change by too much, and by how much; null if none does. Of several it is those that are furthest beyond
 * what is accepted.
 * @param peaks the largest change of each of these tensors
 */
export function whyTooLarge(tensors: readonly CheckedTensor[], peaks: readonly number[]): string | null {
  let worst: { readonly tensor: CheckedTensor; readonly peak: number } | null = null;
  for (const [i, tensor] of tensors.entries()) {
    const peak = peaks[i] ?? 0;
    if (peak > tensor.most && (!worst || peak / tensor.most > worst.peak / worst.tensor.most))
      worst = { tensor, peak };
  }
  if (!worst) return null;
  const [changed, most] = [worst.peak, worst.tensor.most].map(value => Number(value.toPrecision(4)));
  return `${worst.tensor.tensor} changes by ${changed}, at most ${most} is accepted`;
}

/** Which statistic has a value that it cannot have, and what is wrong with it; null if none has. */
function whyNoStatistics(tensors: readonly ExpectedTensor[], values: readonly Float32Array[]): string | null {
  for (const [i, { tensor, statistic }] of tensors.entries()) {
    const why = statistic && whyImpossible(tensor, statistic, values[i] ?? new Float32Array());
    if (why) return why;
  }
  return null;
}

/** [ACC8] */
export function checkMetrics(
  config: RunConfig,
  claims: LeaseClaims,
  given: unknown,
): Result<TrainingMetrics | EvaluationMetrics> {
  const metrics = parseMetrics(config, claims, given);
  if (!metrics.ok) return metrics;
  const bound = largestDownload(config.model);
  return metrics.value.downloadBytes <= bound
    ? metrics
    : refused('bad-metrics', `downloads of more than ${bound} bytes`);
}

function parseMetrics(
  config: RunConfig,
  claims: LeaseClaims,
  given: unknown,
): Result<TrainingMetrics | EvaluationMetrics> {
  if (claims.role === 'evaluator') {
    const metrics = evaluationMetricsSchema.safeParse(given).data;
    if (!metrics) return refused('bad-metrics');
    const why = whyImpossibleCount(config, claims, metrics);
    return why === null ? accepted(metrics) : refused('bad-metrics', why);
  }
  const metrics = trainingMetricsSchema.safeParse(given).data;
  return metrics && metrics.samples <= claims.examples * MAX_EPOCHS
    ? accepted(metrics)
    : refused('bad-metrics');
}
