import type { FoldUnit } from '../aggregation/fold-units.ts';
import { emptySums, mergePartialSums, type PartialSum } from '../aggregation/partial-sums.ts';
import { decodeSum } from '../aggregation/sum-bytes.ts';
import type { HandedSums } from '../protocol/cohort-report.ts';
import type { SumStore } from './ports.ts';

/**
 * A cohort's sums, and with them what other cohorts of the round handed to it, a shard at a time.
 * @throws if a handed sum is missing or of another shard, or if a sum could no longer be exact
 */
export async function* addHanded(
  own: AsyncIterable<PartialSum>,
  handed: HandedSums,
  store: SumStore,
): AsyncIterable<PartialSum> {
  for await (const sum of own) {
    const key = handed[sum.unit.segment]?.[sum.unit.shard];
    yield key === undefined ? sum : merged(decodeSum(sum.unit, await store.read(key)), sum);
  }
}

/** The own sum stays as it is: if the fold fails, it is asked again, and must find it so. */
function merged(handed: PartialSum, own: PartialSum): PartialSum {
  const sum = mergePartialSums(handed, own);
  if (!sum.ok) throw new Error(`the sums of two cohorts do not merge: ${sum.reason}`);
  return sum.value;
}

/** The sums of a cohort that has no updates, a shard at a time. */
export async function* noSums(units: readonly FoldUnit[]): AsyncIterable<PartialSum> {
  for (const unit of units) yield* emptySums([unit]);
}
