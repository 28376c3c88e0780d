import { describe, expect, it } from 'vitest';
import { foldUnits } from '../../../shared/aggregation/fold-units.ts';
import {
  addUpdate,
  emptySums,
  type PartialSum,
  type PartialSums,
} from '../../../shared/aggregation/partial-sums.ts';
import { mergeSums } from '../../../shared/cohort/merge-sums.ts';
import { publishSums } from '../../../shared/cohort/publish-sums.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { createTinyModel } from '../../support/tiny-model.ts';

const model = createTinyModel([700, 720]);
const trains = ['segment-2', 'segment-1'];
const units = foldUnits(model.outline, trains);
const segments = Object.fromEntries(
  Object.entries(model.shards).map(([id, shards]) => [id, { version: 0, shards: [...shards] }]),
);
const manifest = { version: 0, segments };

const tensorsOf = (value: number): Float32Array[] =>
  trains
    .flatMap(id => model.weights[id] ?? [])
    .map(({ values }) => values.map((_, i) => value * ((i % 11) - 5)));

/** The sums of updates, each all of this size. */
const sumsOf = (...sizes: readonly number[]): PartialSums =>
  sizes.reduce(
    (sums, size, i) => addUpdate(sums, tensorsOf(size), { weight: 10 + i, scale: 1 }),
    emptySums(units),
  );

async function* stream(sums: Iterable<PartialSum>): AsyncIterable<PartialSum> {
  yield* sums;
}

function publish(...cohorts: readonly PartialSums[]) {
  const blobs = new MemoryBlobs();
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  return publishSums(mergeSums(cohorts.map(stream)), trains, manifest, blobs);
}

describe('the sums of several cohorts', () => {
  it('publish the bytes of one cohort that had all the updates', async () => {
    const whole = await publish(sumsOf(0.1, 0.2, -0.03));
    const [first, ...others] = [0.1, 0.2, -0.03].map((size, i) =>
      addUpdate(emptySums(units), tensorsOf(size), { weight: 10 + i, scale: 1 }),
    );
    if (!first) throw new Error('three cohorts');
    expect(await publish(first, ...others)).toEqual(whole);
    expect(whole['segment-2']).not.toEqual(model.shards['segment-2']);
  });

  it('of which some are empty publish what the others have; of which all are, the shards as they were', async () => {
    expect(await publish(emptySums(units), sumsOf(0.1))).toEqual(await publish(sumsOf(0.1)));
    expect(await publish(emptySums(units), emptySums(units))).toEqual({
      'segment-1': model.shards['segment-1'],
      'segment-2': model.shards['segment-2'],
    });
  });

  it('that sum other shards, or fewer, do not merge', async () => {
    const sums = sumsOf(0.1);
    await expect(publish(sums, sums.toReversed())).rejects.toThrow('no other sum of shard');
    await expect(publish(sumsOf(0.1), sums.slice(1))).rejects.toThrow('no other sum of shard');
    await expect(publish(sumsOf(0.1), sums.slice(0, -1))).rejects.toThrow('no other sum of shard');
  });
});
