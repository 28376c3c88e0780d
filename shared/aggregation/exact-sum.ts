import { accepted, type Result, refused } from '../protocol/refusals.ts';

/**
 * A weighted sum that neither the order of adding nor the grouping into partial sums changes by a bit. Every weighted
 * delta is rounded to a multiple of 2^-24. It is added as an integer in a double, which is exact up to 2^53. The room:
 *
 *   2^53 = 2^24 steps of resolution × 2^14 examples × |Δ| of 2^6 × 2^9 updates
 *
 * So the 512 updates that a round of a cohort takes fit, even if each update is at both limits. Of honest updates (|Δ| < 0.1, some 1,000 examples)
 * five million fit. Rounding moves the mean by less than 2^-25 over the mean weight. At any |Δ| that matters this is less
 * than the rounding of f32.
 */
const STEPS = 2 ** 24;
export const LARGEST_SUM = 2 ** 53;

/** The largest weight of one update, in examples. */
export const maxUpdateWeight = 2 ** 14;

/** The largest |Δ| of one learnt value that can be honest: weights are of order 1. */
export const maxDelta = 2 ** 6;

/**
 * Weights are rounded to this, so that their sum is exact as well. The discount of a late update makes a fraction
 * of them.
 */
const WEIGHT_STEP = 2 ** -10;

/** What a weight counts as in the sum. It is 0 if the weight is less than half a step. */
export const roundWeight = (weight: number): number => Math.round(weight / WEIGHT_STEP) * WEIGHT_STEP;

/**
 * 1.5 × 2^52. To add it and to take it away again rounds |x| < 2^51 to the nearest integer, ties to even (and -0 to
 * 0).
 */
const ROUNDER = 1.5 * 2 ** 52;

/** Plain and serialisable: numbers and one array. */
export interface ExactSum {
  /** Σ weights, in examples. It is a multiple of 2^-10. */
  readonly weight: number;
  /**
   * Of each element, the Σ of the weights of those who had it. Left out if all had all of them. Elements that nobody had
   * have 0.
   */
  readonly weights?: Float64Array;
  /** Σ over updates of their largest |integer|. No sum, partial sum or merged sum can exceed it. */
  readonly reach: number;
  /** Σ weight × Δ for each element, in units of 2^-24. */
  readonly sums: Float64Array;
}

/** @param elements how many values an update has */
export const emptySum = (elements: number): ExactSum => ({
  weight: 0,
  reach: 0,
  sums: new Float64Array(elements),
});

/**
 * Adds weight × scale × update. The returned state takes over the memory of `state.sums`, since a cohort has room for
 * one accumulator only. Go on with the returned state. A refused update leaves `state` as it was. Refused: as
 * `wrong-table` if the length differs; as `not-finite`; as `out-of-range` if a value or the weight is beyond its
 * limit, if the scale is negative, or if the sum would no longer be exact.
 */
export function addScaled(
  state: ExactSum,
  update: Float32Array,
  weight: number,
  scale = 1,
): Result<ExactSum> {
  const { sums } = state;
  if (update.length !== sums.length)
    return refused('wrong-table', `${update.length} values for ${sums.length}`);
  const examples = roundWeight(weight);
  if (!(examples > 0 && examples <= maxUpdateWeight)) return refused('out-of-range', `weight ${weight}`);
  if (!(scale >= 0)) return refused('out-of-range', `scale ${scale}`);
  const peak = largestMagnitude(update);
  if (!Number.isFinite(peak)) return refused('not-finite');
  if (!(peak * scale <= maxDelta)) return refused('out-of-range', `a value of ${peak * scale}`);
  const factor = scale * examples * STEPS;
  const reach = reachTogether(state.reach, toSteps(peak * factor));
  if (!reach.ok) return reach;
  // Written out: a call for each element costs half as much again in some engines.
  for (let i = 0; i < sums.length; i++)
    sums[i] = (sums[i] as number) + ((update[i] as number) * factor + ROUNDER - ROUNDER);
  return accepted({ ...state, weight: state.weight + examples, reach: reach.value });
}

/**
 * The sum of updates whose mean is known already: of a rule by coordinate, which adds no weighed updates. It takes over
 * the memory of the mean.
 * @param weight of all of them, in examples
 */
export function sumOfMean(mean: Float64Array, weight: number): ExactSum {
  let reach = 0;
  for (let i = 0; i < mean.length; i++) {
    const sum = Math.round((mean[i] as number) * weight * STEPS);
    mean[i] = sum;
    reach = Math.max(reach, Math.abs(sum));
  }
  return { weight, reach, sums: mean };
}

/** The room left is compared, since that is exact. As a sum 2^53 + 1 would be 2^53, and pass. */
export const reachTogether = (a: number, b: number): Result<number> =>
  b > LARGEST_SUM - a ? refused('out-of-range', 'the sum has no room for more updates') : accepted(a + b);

export const toSteps = (value: number): number => value + ROUNDER - ROUNDER;

/** NaN if one of the values is NaN. */
export function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  let probe = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const magnitude = value < 0 ? -value : value;
    if (magnitude > largest) largest = magnitude;
    probe += value * 0;
  }
  // 0 × x is NaN for NaN and for infinity, and infinity is the largest magnitude itself.
  return probe === 0 || largest === Number.POSITIVE_INFINITY ? largest : Number.NaN;
}

/**
 * Both sums as one. It takes over the memory of `a.sums` and leaves `b` alone. Refused as `out-of-range` if the sum
 * could no longer be exact; then both are as they were.
 * @throws if the two are not partial sums of one aggregate
 */
export function mergeSums(a: ExactSum, b: ExactSum): Result<ExactSum> {
  if (a.sums.length !== b.sums.length) throw new Error('these are not sums of one aggregate');
  const reach = reachTogether(a.reach, b.reach);
  if (!reach.ok) return reach;
  for (let i = 0; i < a.sums.length; i++) a.sums[i] = (a.sums[i] as number) + (b.sums[i] as number);
  const weights = mergeWeights(a, b);
  return accepted({
    ...a,
    weight: a.weight + b.weight,
    reach: reach.value,
    ...(weights && { weights }),
  });
}

function mergeWeights(a: ExactSum, b: ExactSum): Float64Array | null {
  if (!a.weights && !b.weights) return null;
  const merged = a.weights?.slice() ?? new Float64Array(a.sums.length).fill(a.weight);
  const { weights } = b;
  // `Float64Array.from` with a function takes fifty times as long, which is most of a fold of slices.
  for (let i = 0; i < merged.length; i++) merged[i] = (merged[i] as number) + (weights?.[i] ?? b.weight);
  return merged;
}

/** The weight of each element. */
const weightOf =
  ({ weight, weights }: ExactSum): ((i: number) => number) =>
  i =>
    weights ? (weights[i] as number) : weight;

/**
 * The sum of some elements as one of all.
 * @param places where its elements are among all, each at another one
 */
export function spreadTo(sum: ExactSum, elements: number, places: Uint32Array): ExactSum {
  const [sums, weights] = [new Float64Array(elements), new Float64Array(elements)];
  const weight = weightOf(sum);
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    sums[place] = sum.sums[i] as number;
    weights[place] = weight(i);
  }
  return { ...sum, sums, weights };
}

/**
 * Σ weight × Δ / Σ weight, rounded once to f32. Null if nothing was added. An element that nobody had is -0, which
 * leaves every number that it is added to as it is, to the bit.
 */
export function meanOf(sum: ExactSum): Float32Array<ArrayBuffer> | null {
  const { weight, sums } = sum;
  if (weight === 0) return null;
  const mean = new Float32Array(sums.length);
  const { weights } = sum;
  const divisor = weight * STEPS;
  if (!weights) for (let i = 0; i < mean.length; i++) mean[i] = (sums[i] as number) / divisor;
  else
    for (let i = 0; i < mean.length; i++) {
      const own = weights[i] as number;
      mean[i] = own === 0 ? -0 : (sums[i] as number) / (own * STEPS);
    }
  return mean;
}
