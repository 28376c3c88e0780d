import { roundWeight, sumOfMean } from '../aggregation/exact-sum.ts';
import type { FoldUnit } from '../aggregation/fold-units.ts';
import type { PartialSum, UnitValues } from '../aggregation/partial-sums.ts';
import { statisticSumOfMean } from '../aggregation/statistic-sum.ts';
import { trimmedValues } from '../aggregation/trimmed-values.ts';
import { blocksOf, type RowSource, readRows } from './read-rows.ts';

/** How the values of each coordinate are trimmed. */
export interface Trimming {
  readonly source: RowSource;
  /** By bucket, in examples. */
  readonly weights: readonly number[];
  /** How many values are left out at each end. */
  readonly trim: number;
  /** Of two updates the middle one is of three: theirs, and these statistics. Left out otherwise. */
  readonly third?: (unit: FoldUnit) => Promise<Float32Array>;
}

/**
 * What a rule by coordinate makes of a shard, as the sum that has it for a mean. So it is published, handed on and merged
 * with other roles' like any sum. Statistics are trimmed like what is learnt. Memory holds a block of the shard of every
 * update.
 * @param third statistics that take part and weigh nothing
 */
export async function trimmedSum(
  unit: FoldUnit,
  { source, weights, trim }: Trimming,
  third?: Float32Array,
): Promise<PartialSum> {
  const learnt = new Float64Array(unit.elements);
  const statistics = new Float64Array(unit.statistics);
  let [learntEnd, statisticEnd] = [0, 0];
  for (const block of blocksOf(unit, source.buckets)) {
    const rows = await readRows(block, source);
    const valuesOf = (kind: keyof UnitValues): Float32Array[] => rows.map(row => row[kind]);
    if (block.elements > 0)
      trimmedValues(
        valuesOf('learnt'),
        weights,
        trim,
        learnt.subarray(learntEnd, learntEnd + block.elements),
      );
    const own = third?.subarray(statisticEnd, statisticEnd + block.statistics);
    trimmedValues(
      [...valuesOf('statistics'), ...(own ? [own] : [])],
      [...weights, ...(own ? [0] : [])],
      trim,
      statistics.subarray(statisticEnd, statisticEnd + block.statistics),
    );
    learntEnd += block.elements;
    statisticEnd += block.statistics;
  }
  const weight = weights.reduce((sum, own) => sum + roundWeight(own), 0);
  return {
    unit,
    sum: sumOfMean(learnt, weight),
    statistics: statisticSumOfMean(statistics, weight),
  };
}
