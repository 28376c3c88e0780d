import { largestMagnitude, maxDelta } from '../aggregation/exact-sum.ts';
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
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { whyImpossible } from '../protocol/statistic.ts';
import { taskOf } from './trained-segments.ts';

export interface CheckedUpdate {
  /** One array for each tensor of `expectedTensors`: the change of what is learnt, the value of a statistic. */
  readonly values: readonly Float32Array[];
  /** Those of them that are changes of what is learnt. Rules measure these. */
  readonly changes: readonly Float32Array[];
  /** L2 norm over all changes. */
  readonly norm: number;
  readonly sha256: string;
  readonly metrics: TrainingMetrics | EvaluationMetrics;
}

/**
 * The acceptance rules for what a lease's holder sent (ACC3 to ACC8). `acceptance` says whether the lease still takes
 * an update. Everything here is hostile until it is checked. Sizes come from the claims and the model, never from the
 * sender.
 */
export function checkUpdate(
  config: RunConfig,
  claims: LeaseClaims,
  envelope: Uint8Array,
): Result<CheckedUpdate> {
  if (envelope.length > claims.byteAllowance)
    return refused('too-large', `${envelope.length} of ${claims.byteAllowance} bytes`);
  const opened = openEnvelope(envelope);
  if (!opened.ok) return opened;
  if (opened.value.lease !== claims.lease) return refused('unauthorised', 'the envelope is of another lease');
  const task = taskOf(config, claims.round, claims.role);
  const tensors = expectedTensors(config.model, claims.trains, task?.slices);
  const values = decodeUpdate(opened.value, { codec: config.spec.codec, tensors });
  if (!values.ok) return values;
  const isLearnt = (_: unknown, i: number): boolean => tensors[i]?.statistic === undefined;
  const changes = values.value.filter(isLearnt);
  // Weights that run away take the statistics behind them along, so what is learnt is judged first.
  const tooLarge = whyTooLarge(tensors.filter(isLearnt), changes);
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

/** Which weights change by too much, and by how much; null if none does. */
function whyTooLarge(tensors: readonly ExpectedTensor[], changes: readonly Float32Array[]): string | null {
  const peaks = changes.map(largestMagnitude);
  const largest = peaks.indexOf(Math.max(...peaks));
  const peak = peaks[largest] ?? 0;
  return peak > maxDelta
    ? `${tensors[largest]?.tensor} changes by ${Number(peak.toPrecision(4))}, at most ${maxDelta} is accepted`
    : null;
}

/** Which statistic has a value that it cannot have, and what is wrong with it; null if none has. */
function whyNoStatistics(tensors: readonly ExpectedTensor[], values: readonly Float32Array[]): string | null {
  for (const [i, { tensor, statistic }] of tensors.entries()) {
    const why = statistic && whyImpossible(tensor, statistic, values[i] ?? new Float32Array());
    if (why) return why;
  }
  return null;
}

function checkMetrics(
  { model }: RunConfig,
  claims: LeaseClaims,
  given: unknown,
): Result<TrainingMetrics | EvaluationMetrics> {
  const metrics = parseMetrics(claims, given);
  if (!metrics.ok) return metrics;
  const bound = largestDownload(model);
  return metrics.value.downloadBytes <= bound
    ? metrics
    : refused('bad-metrics', `downloads of more than ${bound} bytes`);
}

function parseMetrics(claims: LeaseClaims, given: unknown): Result<TrainingMetrics | EvaluationMetrics> {
  if (claims.role === 'evaluator') {
    const metrics = evaluationMetricsSchema.safeParse(given).data;
    const isPossible =
      metrics &&
      metrics.examples === claims.examples &&
      metrics.correct <= metrics.examples &&
      metrics.lossSum >= 0;
    return isPossible ? accepted(metrics) : refused('bad-metrics');
  }
  const metrics = trainingMetricsSchema.safeParse(given).data;
  return metrics && metrics.samples <= claims.examples * MAX_EPOCHS
    ? accepted(metrics)
    : refused('bad-metrics');
}
