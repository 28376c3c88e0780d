import type { Buckets } from '../aggregation/bucketing.ts';
import { cutUnit } from '../aggregation/cut-unit.ts';
import { meanOf } from '../aggregation/exact-sum.ts';
import type { FoldUnit } from '../aggregation/fold-units.ts';
import { addUnit, emptySums, type PartialSum, type UnitValues } from '../aggregation/partial-sums.ts';
import { meanStatistics } from '../aggregation/statistic-sum.ts';
import { atOnce } from '../math/at-once.ts';
import type { Reading } from './fold-slice.ts';
import type { KeptEnvelopes } from './kept-envelopes.ts';
import type { KeptUpdate } from './ports.ts';

/** So many envelopes are read at once: a Worker has no more calls open. Two, if what is decoded of them is large. */
const READS_AT_ONCE = { most: 6, least: 2 };

/** What those envelopes may take while they are decoded. */
const DECODED_BYTES = 12_000_000;

/**
 * What the values of all buckets may take. One block is in work at a time, and memory has 128 MB for all that a cohort
 * does. Each block is read from every envelope: with less, hundreds of updates would take tens of thousands of reads.
 */
const BLOCK_BYTES = 24_000_000;

/** A value stands in f32. Those of buckets are summed first, in f64 or, if they are statistics, in two of them. */
const [SINGLE_BYTES, SUMMED_BYTES] = [4, 24];

/** A round's updates, and how they are drawn together. */
export interface RowSource {
  readonly buckets: Buckets;
  readonly envelopes: KeptEnvelopes;
  /** In the order of acceptance, anew at each call. */
  updates(): Iterable<KeptUpdate>;
}

/** How many values of each bucket fit in memory. */
export const blockValues = (buckets: number, isSummed: boolean): number =>
  Math.max(1, Math.floor(BLOCK_BYTES / (buckets * (isSummed ? SUMMED_BYTES : SINGLE_BYTES))));

/** A unit in blocks whose values of all buckets fit in memory. */
export const blocksOf = (unit: FoldUnit, { members }: Buckets): FoldUnit[] =>
  cutUnit(
    unit,
    blockValues(
      members.length,
      members.some(({ length }) => length > 1),
    ),
  );

/** What it takes to read the rows of all blocks of a unit. */
export function readingOf(unit: FoldUnit, { buckets, envelopes }: RowSource): Reading {
  const blocks = blocksOf(unit, buckets);
  const updates = buckets.bucketOf.length;
  const decoded = blocks.reduce((sum, block) => sum + envelopes.decodes([block]), 0);
  return { reads: updates * blocks.length, values: updates * decoded };
}

/** So many envelopes at once, that what is decoded of this block fits in memory. */
function lanesFor(block: FoldUnit, envelopes: KeptEnvelopes): number {
  const fitting = Math.floor(DECODED_BYTES / (SINGLE_BYTES * Math.max(1, envelopes.decodes([block]))));
  return Math.max(READS_AT_ONCE.least, Math.min(READS_AT_ONCE.most, fitting));
}

/** What each bucket says of a block: the values of its update, or the mean of its updates' values. */
export async function readRows(
  block: FoldUnit,
  { buckets, envelopes, updates }: RowSource,
): Promise<UnitValues[]> {
  const { members, bucketOf } = buckets;
  const rows: UnitValues[] = [];
  const sums: PartialSum[] = [];
  await atOnce(lanesFor(block, envelopes), updates(), async (update, place) => {
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
