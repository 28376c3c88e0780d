import { expect, it } from 'vitest';
import { decodeSafetensors } from '../../../shared/codec/safetensors.ts';
import type { Manifest, SegmentVersion } from '../../../shared/protocol/model-outline.ts';
import { planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { MemorySums } from '../../support/memory-sums.ts';
import { createTinyModel, type TinyModel } from '../../support/tiny-model.ts';
import { smallSpec } from '../federation/small-run.ts';
import { TestCohort } from './test-cohort.ts';

const student = ['segment-1', 'head-1'];
const whole = ['segment-1', 'segment-2', 'head-1'];

function runOf(model: TinyModel) {
  const plan = planSpecSchema.parse({ name: 'depth-federated', correction: 0.1 });
  const config = { spec: smallSpec({ plan, aggregation: 'mean' }), model: model.outline };
  const blobs = new MemoryBlobs();
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  const segments = Object.entries(model.shards).map(([id, shards]) => [
    id,
    { version: 0, shards: [...shards] },
  ]);
  const manifest: Manifest = { version: 0, segments: Object.fromEntries(segments) };
  return { config, blobs, manifest };
}

/** The first value of each tensor in this blob. */
function firstValues(blobs: MemoryBlobs, sha256: string | undefined): Record<string, number | undefined> {
  const decoded = decodeSafetensors(blobs.read(sha256 ?? ''));
  if (!decoded.ok) throw new Error(decoded.detail);
  return Object.fromEntries(decoded.value.map(({ name, values }) => [name, values[0]]));
}

it('[PUB8] no optimizer keeps anything of statistics and of what is frozen, nor moves them', async () => {
  // The kernel alone fills a shard.
  const model = createTinyModel([30, 10_000], { hasNorm: true, frozen: ['s2/kernel'] });
  const { config, blobs, manifest } = runOf(model);
  const cohort = new TestCohort(config, 'whole', blobs);
  cohort.train('ada', 1, whole, tensor => (tensor === 'norm/moving_variance' ? 7 : 0.25));
  const { segments, slots } = await cohort.fold(1, manifest, { allExamples: { 'segment-2': 20 } });
  const shards = segments['segment-2'] ?? [];
  const moved = slots?.['segment-2']?.moved ?? [];
  expect(shards.length).toBeGreaterThan(1);
  expect(moved).toHaveLength(shards.length);
  expect(moved.slice(0, -1)).toEqual(shards.slice(0, -1).map(() => null));
  // V = 10 · 1/4, and the bias, which began at −3/8, moves by 1/4 + V/20.
  expect(firstValues(blobs, moved.at(-1)?.sha256)).toEqual({ 's2/bias': 2.5 });
  expect(firstValues(blobs, shards.at(-1)?.sha256)).toMatchObject({
    'norm/moving_mean': 0.25,
    'norm/moving_variance': 7,
    's2/bias': -3 / 8 + 1 / 4 + 1 / 8,
  });
  expect(Object.keys(slots ?? {})).toEqual(['segment-2']);
});

it('[PUB8] the cohort that publishes keeps what all cohorts moved, and goes on from the version’s slots', async () => {
  const { config, blobs, manifest } = runOf(createTinyModel());
  const sums = new MemorySums();
  const [weak, strong] = [
    new TestCohort(config, 'student', blobs, sums),
    new TestCohort(config, 'whole', blobs, sums),
  ];
  const allExamples = { 'segment-1': 40, 'head-1': 40, 'segment-2': 20 };
  const fold = async (round: number, from: Manifest): Promise<Manifest> => {
    weak.train('ada', round, student, () => 0.25);
    strong.train('grace', round, whole, () => 0.5);
    const { handed = {}, slots: none } = await weak.fold(round, from, { handsOn: student, allExamples });
    expect(none).toBeUndefined();
    const { segments, slots = {} } = await strong.fold(round, from, { handed, allExamples });
    const next = whole.map((id): [string, SegmentVersion] => {
      const [shards, files] = [segments[id] ?? [], slots[id]?.moved ?? []];
      return [id, { version: round, shards: [...shards], slots: { moved: [...files] } }];
    });
    return { version: round, segments: Object.fromEntries(next) };
  };
  const movedOf = ({ segments }: Manifest, id: string) =>
    Object.values(firstValues(blobs, segments[id]?.slots?.moved?.[0]?.sha256));
  const one = await fold(1, manifest);
  expect(movedOf(one, 'segment-1')).toEqual([7.5, 7.5]);
  expect(movedOf(one, 'segment-2')).toEqual([5, 5]);
  const two = await fold(2, one);
  expect(movedOf(two, 'segment-1')).toEqual([15, 15]);
  // −3/8 at first; the mean is 3/8 in both rounds, then V/N.
  const kernel = firstValues(blobs, two.segments['segment-1']?.shards[0]?.sha256)['s1/kernel'];
  expect(kernel).toBe(-3 / 8 + (3 / 8 + 7.5 / 40) + (3 / 8 + 15 / 40));
});

it('[PUB8] a fold in slices moves all of a segment by the N that its first slice was told, and says it', async () => {
  // The kernels of both segments lie in several shards.
  const { config, blobs, manifest } = runOf(createTinyModel([600, 900]));
  const toldOf = (n: number) => ({ 'segment-1': n, 'head-1': n, 'segment-2': n });
  const cohortOf = (): TestCohort => {
    const cohort = new TestCohort(config, 'whole', blobs);
    cohort.train('ada', 1, whole, (tensor, at) => (tensor.length + (at % 5)) / 64);
    return cohort;
  };
  const sliced = cohortOf();
  // One shard a call.
  sliced.evict({ groupBytes: 2_000_000, groupsAtOnce: 1, maxValues: 1, maxReads: 1 });
  let told = 40;
  let result = await sliced.foldSlice(1, manifest, { allExamples: toldOf(told) });
  while (result === null) {
    // Somebody has joined between two calls.
    told += 10;
    sliced.evict();
    result = await sliced.foldSlice(1, manifest, { allExamples: toldOf(told) });
  }
  const { allExamples = {} } = result;
  expect(allExamples['segment-1']).toBe(40);
  expect(allExamples['segment-2']).toBeGreaterThan(40);
  expect(allExamples['segment-2']).toBeLessThan(told);
  expect(result).toEqual(await cohortOf().fold(1, manifest, { allExamples }));
});
