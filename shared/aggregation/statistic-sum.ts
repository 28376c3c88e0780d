import { accepted, type Result, refused } from '../protocol/refusals.ts';
import { LARGEST_VARIANCE } from '../protocol/statistic.ts';
import { largestMagnitude, maxUpdateWeight, reachTogether, roundWeight, toSteps } from './exact-sum.ts';

/**
 * A weighted sum of statistics that no order changes by a bit, as `exact-sum` is one of changes. A variance may be a
 * millionth or a billion, so one integer in a double has no room for it. Each weighted value is rounded to a multiple of
 * 2^-40 and falls into two integers: high · 2^44 + low. The room of each, by the limits of one update:
 *
 *   high: 2^53 > 2^(40 - 44) × 2^14 examples × 2^32, the largest variance, × 2^9 updates = 2^51
 *   low: 2^53 > 2^43 × 2^9 updates = 2^52
 */
const STEPS = 2 ** 40;
const SPLIT = 2 ** 44;

/** Plain and serialisable: numbers and two arrays. */
export interface StatisticSum {
  /** Σ weights, in examples. */
  readonly weight: number;
  readonly high: Integers;
  readonly low: Integers;
}

interface Integers {
  /** Σ over updates of a bound on their largest |integer|. No sum, partial sum or merged sum can exceed it. */
  readonly reach: number;
  readonly sums: Float64Array;
}

/** @param elements how many statistics an update has */
export const emptyStatisticSum = (elements: number): StatisticSum => ({
  weight: 0,
  high: { reach: 0, sums: new Float64Array(elements) },
  low: { reach: 0, sums: new Float64Array(elements) },
});

/**
 * Adds weight × statistics. As `addScaled` it takes over the memory of `state`, and a refused update leaves `state` as
 * it was. Refused: as `wrong-table` if the length differs; as `out-of-range` if a value or the weight is beyond its
 * limit, or if the sum would no longer be exact.
 */
export function addStatistics(
  state: StatisticSum,
  statistics: Float32Array,
  weight: number,
): Result<StatisticSum> {
  const { high, low } = state;
  if (statistics.length !== low.sums.length)
    return refused('wrong-table', `${statistics.length} statistics for ${low.sums.length}`);
  const examples = roundWeight(weight);
  if (!(examples > 0 && examples <= maxUpdateWeight)) return refused('out-of-range', `weight ${weight}`);
  if (!statistics.every(value => Math.abs(value) <= LARGEST_VARIANCE)) return refused('out-of-range');
  // The product is exact: 24 bits of a value, 24 of a weight.
  const factor = examples * STEPS;
  const largest = largestMagnitude(statistics) * factor;
  const highReach = reachTogether(high.reach, toSteps(largest / SPLIT));
  const lowReach = reachTogether(low.reach, Math.min(SPLIT / 2, Math.ceil(largest)));
  if (!highReach.ok) return highReach;
  if (!lowReach.ok) return lowReach;
  for (let i = 0; i < statistics.length; i++) {
    const steps = (statistics[i] as number) * factor;
    const upper = toSteps(steps / SPLIT);
    high.sums[i] = (high.sums[i] as number) + upper;
    low.sums[i] = (low.sums[i] as number) + toSteps(steps - upper * SPLIT);
  }
  return accepted({
    weight: state.weight + examples,
    high: { ...high, reach: highReach.value },
    low: { ...low, reach: lowReach.value },
  });
}

/** Both sums as one, as `mergeSums` does. It takes over the memory of `a` and leaves `b` alone. */
export function mergeStatisticSums(a: StatisticSum, b: StatisticSum): Result<StatisticSum> {
  const high = reachTogether(a.high.reach, b.high.reach);
  const low = reachTogether(a.low.reach, b.low.reach);
  if (!high.ok) return high;
  if (!low.ok) return low;
  addInto(a.high.sums, b.high.sums);
  addInto(a.low.sums, b.low.sums);
  return accepted({
    weight: a.weight + b.weight,
    high: { ...a.high, reach: high.value },
    low: { ...a.low, reach: low.value },
  });
}

function addInto(a: Float64Array, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) + (b[i] as number);
}

/** Σ weight × statistic / Σ weight, rounded to f32. Null if nothing was added. */
export function meanStatistics({ weight, high, low }: StatisticSum): Float32Array<ArrayBuffer> | null {
  if (weight === 0) return null;
  return Float32Array.from(low.sums, (lower, i) => {
    const steps = (high.sums[i] as number) * SPLIT + lower;
    return steps / (weight * STEPS);
  });
}
