import type { Result } from '../protocol/refusals.ts';
import { accepted } from '../protocol/refusals.ts';
import type { Weighing } from './aggregation-rule.ts';
import { addScaled, type ExactSum, emptySum, mergeSums, roundWeight } from './exact-sum.ts';
import { type FoldUnit, gatherUnit } from './fold-units.ts';

/** The sum over some of a round's updates of what they change in one shard. */
export interface PartialSum {
  readonly unit: FoldUnit;
  readonly sum: ExactSum;
}

/** Partial sums of several shards over the same updates. Those of other updates merge with them. */
export type PartialSums = readonly PartialSum[];

export const emptySums = (units: readonly FoldUnit[]): PartialSums =>
  units.map(unit => ({ unit, sum: emptySum(unit.elements) }));

/**
 * Adds one weighed update. It takes over the memory of `sums`: go on with what it returns.
 * @param values of the whole update, one array for each tensor
 * @throws if the exact sum refuses: what was checked and weighed must fit
 */
export function addUpdate(
  sums: PartialSums,
  values: readonly Float32Array[],
  { weight, scale }: Weighing,
): PartialSums {
  if (roundWeight(weight) === 0) return sums;
  return sums.map(({ unit, sum }) => {
    const added = addScaled(sum, gatherUnit(unit, values), weight, scale);
    if (!added.ok) throw new Error(`a checked update cannot be summed: ${added.reason}`);
    return { unit, sum: added.value };
  });
}

/**
 * The sum over the updates of both, in the same shard. It takes over the memory of `a` and leaves `b` as it is.
 * Refused as `out-of-range` if the sum could no longer be exact.
 */
export function mergePartialSums(a: PartialSum, b: PartialSum): Result<PartialSum> {
  const merged = mergeSums(a.sum, b.sum);
  return merged.ok ? accepted({ unit: a.unit, sum: merged.value }) : merged;
}
