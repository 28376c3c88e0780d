import type { Buckets } from '../aggregation/bucketing.ts';
import { cutUnit } from '../aggregation/cut-unit.ts';
import { meanOf } from '../aggregation/exact-sum.ts';
import type { FoldUnit } from '../aggregation/fold-units.ts';
import { addUnit, emptySums, type PartialSum, type UnitValues } from '../aggregation/partial-sums.ts';
import { meanStatistics } from '../aggregation/statistic-sum.ts';
import { atOnce } from '../math/at-once.ts';
import type { KeptEnvelopes } from './kept-envelopes.ts';
import type { KeptUpdate } from './ports.ts';

/** So many envelopes are read at once. */
const READ_AT_ONCE = 2;

/** What the values of all buckets may take. One block is in work at a time. */
const BLOCK_BYTES = 4_000_000;

/** A value stands in f32. Those of buckets are summed first, in f64 or, if they are statistics, in two of them. */
const [SINGLE_BYTES, SUMMED_BYTES] = [4, 24];

/** A round's updates, and how they are drawn together. */
export interface RowSource {
  readonly buckets: Buckets;
  readonly envelopes: KeptEnvelopes;
  /** In the order of acceptance, anew at each call. */
  updates(): Iterable<KeptUpdate>;
}

/** A unit in blocks whose values of all buckets fit in memory. */
export function blocksOf(unit: FoldUnit, { members }: Buckets): FoldUnit[] {
  const isSummed = members.some(({ length }) => length > 1);
  const bytes = members.length * (isSummed ? SUMMED_BYTES : SINGLE_BYTES);
  return cutUnit(unit, Math.max(1, Math.floor(BLOCK_BYTES / bytes)));
}

/** What each bucket says of a block: the values of its update, or the mean of its updates' values. */
export async function readRows(
  block: FoldUnit,
  { buckets, envelopes, updates }: RowSource,
): Promise<UnitValues[]> {
  const { members, bucketOf } = buckets;
  const rows: UnitValues[] = [];
  const sums: PartialSum[] = [];
  await atOnce(READ_AT_ONCE, updates(), async (update, place) => {
    const bucket = bucketOf[place];
    if (bucket === undefined) throw new Error(`update ${place} was not drawn`);
    const [values] = await envelopes.read(update, [block]);
    if (!values) return;
    if (members[bucket]?.length === 1) rows[bucket] = owned(values);
    else {
      const sum = sums[bucket] ?? emptySums([block])[0];
      if (sum) sums[bucket] = addUnit(sum, values, { weight: update.weight, scale: 1 });
    }
  });
  return members.map((_, bucket) => rows[bucket] ?? meanValues(block, sums[bucket]));
}

/** Zeros if no update of the bucket counts. */
const meanValues = (block: FoldUnit, sum: PartialSum | undefined): UnitValues => ({
  learnt: (sum && meanOf(sum.sum)) ?? new Float32Array(block.elements),
  statistics: (sum && meanStatistics(sum.statistics)) ?? new Float32Array(block.statistics),
});

/** Decoded values may share the memory of a whole envelope or tensor. So many of those do not fit. */
const owned = ({ learnt, statistics }: UnitValues): UnitValues => ({
  learnt: alone(learnt),
  statistics: alone(statistics),
});

const alone = (values: Float32Array): Float32Array =>
  values.byteLength === values.buffer.byteLength ? values : values.slice();
