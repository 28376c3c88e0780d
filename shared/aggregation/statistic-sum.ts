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
 *
 * If low has no room for more, what is in it is carried over to high. That changes no value of the sum, and so no mean.
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
  const reach = makeRoom(state, toSteps(largest / SPLIT), Math.min(SPLIT / 2, Math.ceil(largest)));
  if (!reach.ok) return reach;
  for (let i = 0; i < statistics.length; i++) {
    const steps = (statistics[i] as number) * factor;
    const upper = toSteps(steps / SPLIT);
    high.sums[i] = (high.sums[i] as number) + upper;
    low.sums[i] = (low.sums[i] as number) + toSteps(steps - upper * SPLIT);
  }
  return accepted({
    weight: state.weight + examples,
    high: { ...high, reach: reach.value.high },
    low: { ...low, reach: reach.value.low },
  });
}

/** The sum of statistics whose mean is known already, as `sumOfMean` is one of changes. */
export function statisticSumOfMean(mean: Float64Array, weight: number): StatisticSum {
  const high = mean.map(value => Math.round((value * weight * STEPS) / SPLIT));
  const low = mean.map((value, i) => Math.round(value * weight * STEPS - (high[i] as number) * SPLIT));
  return { weight, high: integersOf(high), low: integersOf(low) };
}

const integersOf = (sums: Float64Array): Integers => ({
  reach: sums.reduce((most, sum) => Math.max(most, Math.abs(sum)), 0),
  sums,
});

/**
 * The reaches after so much more, of which there is room then. Nothing is changed if it is refused.
 * @param moreHigh that is to be added to high, and `moreLow` to low
 */
function makeRoom(
  { high, low }: Pick<StatisticSum, 'high' | 'low'>,
  moreHigh: number,
  moreLow: number,
): Result<{ readonly high: number; readonly low: number }> {
  const isFull = !reachTogether(low.reach, moreLow).ok;
  const carried = isFull ? Math.ceil(low.reach / SPLIT) : 0;
  const highReach = reachTogether(high.reach, moreHigh + carried);
  const lowReach = reachTogether(isFull ? SPLIT / 2 : low.reach, moreLow);
  if (!highReach.ok) return highReach;
  if (!lowReach.ok) return lowReach;
  if (isFull) carry(high.sums, low.sums);
  return accepted({ high: highReach.value, low: lowReach.value });
}

function carry(high: Float64Array, low: Float64Array): void {
  for (let i = 0; i < low.length; i++) {
    const upper = toSteps((low[i] as number) / SPLIT);
    high[i] = (high[i] as number) + upper;
    low[i] = (low[i] as number) - upper * SPLIT;
  }
}

/** Both sums as one, as `mergeSums` does. It takes over the memory of `a` and leaves `b` alone. */
export function mergeStatisticSums(a: StatisticSum, b: StatisticSum): Result<StatisticSum> {
  const reach = makeRoom(a, b.high.reach, b.low.reach);
  if (!reach.ok) return reach;
  addInto(a.high.sums, b.high.sums);
  addInto(a.low.sums, b.low.sums);
  return accepted({
    weight: a.weight + b.weight,
    high: { ...a.high, reach: reach.value.high },
    low: { ...a.low, reach: reach.value.low },
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
