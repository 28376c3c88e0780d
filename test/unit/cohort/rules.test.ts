import { describe, expect, it } from 'vitest';
import { readShards } from '../../../shared/codec/shard-layout.ts';
import { aggregationNames, type Robust } from '../../../shared/protocol/aggregation-spec.ts';
import type { FoldedRole } from '../../../shared/protocol/cohort-report.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import { segmentById } from '../../../shared/protocol/model-outline.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { type Change, createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest } from '../../support/tiny-run.ts';
import { TestCohort } from './test-cohort.ts';

const model = createTinyModel([3, 10], { hasNorm: true });
const trains = ['segment-1', 'segment-2'];
const manifest: Manifest = {
  version: 0,
  segments: Object.fromEntries(
    Object.entries(model.shards).map(([id, shards]) => [id, { version: 0, shards: [...shards] }]),
  ),
};
const volunteers = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida'];
const SLICE = { groupBytes: 100, groupsAtOnce: 1, maxValues: 1, maxReads: 1 };

/** Honest changes lie between 0.1 and 0.2; statistics around 1. */
const honest =
  (place: number): Change =>
  (tensor, i) =>
    tensor.includes('moving') ? 1 + place / 16 : 0.1 + (((i + 1) * 31 + place * 17) % 10) / 100;

/** As far from that as acceptance takes. */
const hostile: Change = tensor => (tensor.includes('moving') ? 60_000 : -50);

type Settings = Partial<Robust> & { readonly aggregation: (typeof aggregationNames)[number] };

/** A cohort whose rule these settings choose. */
function cohortOf({ aggregation, ...robust }: Settings): { cohort: TestCohort; blobs: MemoryBlobs } {
  const blobs = new MemoryBlobs();
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  const spec = { plan: { name: 'conventional' }, aggregation, robust, codec: { name: 'f32' } } as const;
  const { spec: full } = tinyRequest({ model, spec: { ...spec, rounds: 50 } });
  return { cohort: new TestCohort({ spec: full, model: model.outline }, 'whole', blobs), blobs };
}

/** One round of these volunteers, the last of them hostile. If the rule wants a referee's update, Ada is the referee. */
function trainRound(cohort: TestCohort, names: readonly string[], bad = 0, round = 1): void {
  for (const name of names) {
    const place = volunteers.indexOf(name);
    const change = place >= volunteers.length - bad ? hostile : honest(place);
    cohort.train(name, round, trains, change, name === 'ada' && cohort.rule === 'fltrust');
  }
}

const request = { round: 1, manifest, handed: {}, handsOn: [] };

async function foldOnce(cohort: TestCohort): Promise<FoldedRole> {
  cohort.close(1);
  return cohort.foldAs(request);
}

const cases: Settings[] = aggregationNames.flatMap(aggregation => [
  { aggregation },
  ...(aggregation === 'mean' ? [] : [{ aggregation, bucket: 2, hostile: 0.15 }]),
]);

describe.each(cases)('a fold by $aggregation in buckets of $bucket', settings => {
  it('comes to the same bytes in any order of arrival, after an eviction, and in slices', async () => {
    const { cohort } = cohortOf(settings);
    trainRound(cohort, volunteers, 1);
    const wanted = await foldOnce(cohort);
    expect(wanted.fallback).toBeUndefined();

    const reversed = cohortOf(settings).cohort;
    trainRound(reversed, volunteers.toReversed(), 1);
    reversed.evict();
    expect(await foldOnce(reversed)).toEqual(wanted);

    const sliced = cohortOf(settings).cohort;
    trainRound(sliced, volunteers, 1);
    sliced.evict(SLICE);
    sliced.close(1);
    let [calls, result] = [0, null as FoldedRole | null];
    for (; result === null && calls < 40; calls++) {
      result = await sliced.foldSliceAs(request);
      sliced.evict(SLICE);
    }
    expect(result).toEqual(wanted);
    expect(calls).toBeGreaterThan(1);
    expect(sliced.log.compared(1)).toBeNull();
  });

  it('tells the same the second time, and remembers a round once', async () => {
    const { cohort } = cohortOf(settings);
    trainRound(cohort, volunteers);
    const wanted = await foldOnce(cohort);
    const memory = cohort.log.memory();
    cohort.evict();
    expect(await foldOnce(cohort)).toEqual(wanted);
    expect(cohort.log.memory()).toEqual(memory);
  });
});

/** What a fold made of one segment's learnt values and statistics. */
function published(blobs: MemoryBlobs, folded: FoldedRole, id: string) {
  const { tensors } = segmentById(model.outline, id);
  const shards = (folded.segments[id] ?? []).map(({ sha256 }) => blobs.read(sha256));
  const read = readShards(tensors, shards);
  if (!read.ok) throw new Error(read.reason);
  return read.value;
}

const robustCases: Settings[] = [
  { aggregation: 'trimmed-mean' },
  { aggregation: 'median' },
  { aggregation: 'geometric-median' },
  { aggregation: 'multi-krum' },
  { aggregation: 'median', bucket: 2, hostile: 0.15 },
];

describe.each(robustCases)('$aggregation in buckets of $bucket', settings => {
  it('moves weights as honest updates do, though two of nine are hostile', async () => {
    const { cohort, blobs } = cohortOf(settings);
    const bad = settings.bucket ? 1 : 2;
    trainRound(cohort, volunteers, bad);
    const folded = await foldOnce(cohort);
    const before = new Map(model.weights['segment-2']?.map(({ name, values }) => [name, values]));
    for (const { name, values } of published(blobs, folded, 'segment-2'))
      for (const [i, value] of values.entries()) {
        const was = before.get(name)?.[i] ?? 0;
        if (name.includes('moving')) expect(value, name).toBeGreaterThanOrEqual(1);
        if (name.includes('moving')) expect(value, name).toBeLessThan(1.5);
        else expect(value - was, `${name} ${i}`).toBeGreaterThan(0.05);
        if (!name.includes('moving')) expect(value - was, `${name} ${i}`).toBeLessThan(0.25);
      }
  });
});

it('[ROOT5] fltrust moves weights as its referee does, though all others are hostile', async () => {
  const { cohort, blobs } = cohortOf({ aggregation: 'fltrust' });
  trainRound(cohort, ['ada', 'hal', 'ida'], 2);
  const folded = await foldOnce(cohort);
  expect(folded.updates).toBe(2);
  const before = new Map(model.weights['segment-2']?.map(({ name, values }) => [name, values]));
  for (const { name, values } of published(blobs, folded, 'segment-2'))
    if (!name.includes('moving'))
      for (const [i, value] of values.entries())
        expect(value - (before.get(name)?.[i] ?? 0), `${name} ${i}`).toBeCloseTo(honest(0)(name, i), 5);
});

it('the mean is moved by one hostile update of nine, so these updates do harm', async () => {
  const { cohort, blobs } = cohortOf({ aggregation: 'mean' });
  trainRound(cohort, volunteers, 1);
  const [kernel] = published(blobs, await foldOnce(cohort), 'segment-2');
  expect(Math.min(...(kernel?.values ?? []))).toBeLessThan(-4);
});

describe('a round with too few updates', () => {
  it('counts by a weaker rule and says so, with the clip that was remembered', async () => {
    const { cohort } = cohortOf({ aggregation: 'multi-krum' });
    for (let round = 1; round <= 4; round++) {
      trainRound(cohort, round === 4 ? ['ada', 'bob'] : volunteers.slice(0, 5), 0, round);
      cohort.close(round);
      const folded = await cohort.foldAs({ ...request, round });
      expect(folded.fallback).toBe(round === 4 ? 'clipped-mean' : undefined);
      if (round < 4) expect(folded.scale).toBeUndefined();
      else expect(folded.scale).toBeGreaterThan(0);
    }
  });
});

describe('the scale of the clip', () => {
  const spec = { plan: { name: 'layer-to-layer' }, aggregation: 'clipped-mean' } as const;
  const grown = (robust: Partial<Robust> = {}) => {
    const { spec: full } = tinyRequest({ model, spec: { ...spec, robust, rounds: 50 } });
    return { spec: full, model: model.outline };
  };

  it('begins with the norm that the host’s machine found, and the first round is clipped to it', async () => {
    const blobs = new MemoryBlobs();
    for (const { bytes } of model.blobs) blobs.keep(bytes);
    const norms = { 'segment-2': 0.5 };
    const cohort = new TestCohort(grown({ norms }), 'teacher', blobs);
    cohort.train('ada', 1, ['segment-2'], () => 40);
    const folded = await cohort.fold(1, manifest);
    expect(folded.scale).toBe(0.5);
    const [kernel] = published(blobs, folded, 'segment-2');
    const before = model.weights['segment-2']?.[0]?.values ?? [];
    const moved = Math.hypot(...(kernel?.values ?? []).map((value, i) => value - (before[i] ?? 0)));
    expect(moved).toBeLessThan(0.51);
  });

  it.each(['geometric-median', 'multi-krum'] as const)(
    'bounds what most of a role can do in a round that counts by %s',
    async aggregation => {
      const blobs = new MemoryBlobs();
      for (const { bytes } of model.blobs) blobs.keep(bytes);
      const { spec: full } = tinyRequest({
        model,
        spec: {
          ...spec,
          aggregation,
          policy: { updatesPerRound: 10 },
          robust: { norms: { 'segment-2': 0.5 } },
        },
      });
      const cohort = new TestCohort({ spec: full, model: model.outline }, 'teacher', blobs);
      for (const [i, name] of volunteers.slice(0, 5).entries())
        cohort.train(name, 1, ['segment-2'], () => (i < 3 ? 40 : 0.01));
      const [kernel] = published(blobs, await cohort.fold(1, manifest), 'segment-2');
      const before = model.weights['segment-2']?.[0]?.values ?? [];
      const moved = Math.hypot(...(kernel?.values ?? []).map((value, i) => value - (before[i] ?? 0)));
      expect(moved).toBeGreaterThan(0);
      expect(moved).toBeLessThan(0.51);
    },
  );

  it('of a task that is new begins with that of the one before, and the old one is kept', async () => {
    const grown3 = createTinyModel([3, 10], { hasMiddle: true });
    const plan = { name: 'growing-together' } as const;
    const { spec: full } = tinyRequest({
      model: grown3,
      spec: { plan, aggregation: 'clipped-mean', rounds: 12 },
    });
    const blobs = new MemoryBlobs();
    for (const { bytes } of grown3.blobs) blobs.keep(bytes);
    const cohort = new TestCohort({ spec: full, model: grown3.outline }, 'student', blobs);
    const first: Manifest = {
      version: 0,
      segments: Object.fromEntries(
        Object.entries(grown3.shards).map(([id, shards]) => [id, { version: 0, shards: [...shards] }]),
      ),
    };
    const before = ['segment-1', 'head-1'];
    const after = ['segment-1', 'middle', 'head-1', 'head-middle'];
    for (let round = 1; round <= 3; round++) {
      cohort.train('ada', round, before, () => 0.25);
      await cohort.fold(round, first);
    }
    const scale = Math.sqrt(15) / 4;
    cohort.train('eve', 4, after, () => 50);
    expect((await cohort.fold(4, first)).scale).toBeCloseTo(scale);
    expect(cohort.log.memory()).toMatchObject({
      trains: after.join(),
      others: { [before.join()]: { scale: expect.closeTo(scale) } },
    });
  });
});
