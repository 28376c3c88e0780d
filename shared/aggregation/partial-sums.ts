import type { Result } from '../protocol/refusals.ts';
import { accepted } from '../protocol/refusals.ts';
import type { Weighing } from './aggregation-rule.ts';
import { addScaled, type ExactSum, emptySum, mergeSums, roundWeight } from './exact-sum.ts';
import { type FoldUnit, gatherStatistics, gatherUnit } from './fold-units.ts';
import { addStatistics, emptyStatisticSum, mergeStatisticSums, type StatisticSum } from './statistic-sum.ts';

/** The sum over some of a round's updates of what they say of one shard. */
export interface PartialSum {
  readonly unit: FoldUnit;
  /** Of the changes of what is learnt. */
  readonly sum: ExactSum;
  readonly statistics: StatisticSum;
}

/** Partial sums of several shards over the same updates. Those of other updates merge with them. */
export type PartialSums = readonly PartialSum[];

export const emptySums = (units: readonly FoldUnit[]): PartialSums =>
  units.map(unit => ({
    unit,
    sum: emptySum(unit.elements),
    statistics: emptyStatisticSum(unit.statistics),
  }));

/** What one update says of a shard. */
export interface UnitValues {
  readonly learnt: Float32Array;
  readonly statistics: Float32Array;
}

/**
 * Adds one weighed update. It takes over the memory of `sums`: go on with what it returns.
 * @param values of the whole update, one array for each tensor
 * @throws if an exact sum refuses: what was checked and weighed must fit
 */
export const addUpdate = (
  sums: PartialSums,
  values: readonly Float32Array[],
  weighing: Weighing,
): PartialSums =>
  sums.map(sum => {
    const { unit } = sum;
    const own = { learnt: gatherUnit(unit, values), statistics: gatherStatistics(unit, values) };
    return addUnit(sum, own, weighing);
  });

/**
 * Adds what one weighed update says of a shard. Statistics are weighed, but never scaled: a scale says how far the weights
 * may move. As with `addUpdate`, the memory of the sum is taken over.
 */
export function addUnit(
  { unit, sum, statistics }: PartialSum,
  values: UnitValues,
  { weight, scale }: Weighing,
): PartialSum {
  if (roundWeight(weight) === 0) return { unit, sum, statistics };
  return {
    unit,
    sum: must(addScaled(sum, values.learnt, weight, scale)),
    statistics: must(addStatistics(statistics, values.statistics, weight)),
  };
}

function must<T>(added: Result<T>): T {
  if (!added.ok) throw new Error(`a checked update cannot be summed: ${added.reason}`);
  return added.value;
}

/**
 * The sum over the updates of both, in the same shard. It takes over the memory of `a` and leaves `b` as it is.
 * Refused as `out-of-range` if the sum could no longer be exact; then neither is to be used.
 */
export function mergePartialSums(a: PartialSum, b: PartialSum): Result<PartialSum> {
  const sum = mergeSums(a.sum, b.sum);
  if (!sum.ok) return sum;
  const statistics = mergeStatisticSums(a.statistics, b.statistics);
  return statistics.ok
    ? accepted({ unit: a.unit, sum: sum.value, statistics: statistics.value })
    : statistics;
}
