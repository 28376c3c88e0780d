import { mergePartialSums, type PartialSum } from '../aggregation/partial-sums.ts';

/**
 * The sums of several cohorts of one role as one, a shard at a time. They sum the same shards in the same order. There is
 * one cohort so far, and its sums pass as they are.
 * @throws if they do not, or if a sum could no longer be exact
 */
export async function* mergeSums(cohorts: readonly AsyncIterable<PartialSum>[]): AsyncIterable<PartialSum> {
  const [first, ...others] = cohorts.map(sums => sums[Symbol.asyncIterator]());
  if (!first) return;
  for (let next = await first.next(); !next.done; next = await first.next()) {
    let merged = next.value;
    for (const other of others) merged = mergeNext(merged, await other.next());
    yield merged;
  }
}

function mergeNext(a: PartialSum, next: IteratorResult<PartialSum, undefined>): PartialSum {
  const b = next.done ? undefined : next.value;
  if (b?.unit.segment !== a.unit.segment || b.unit.shard !== a.unit.shard)
    throw new Error(`no other sum of shard ${a.unit.shard} of ${a.unit.segment}`);
  const merged = mergePartialSums(a, b);
  if (!merged.ok) throw new Error(`the sums do not merge: ${merged.reason}`);
  return merged.value;
}
