import { expect, it } from 'vitest';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import type { Robust } from '../../../shared/protocol/aggregation-spec.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest } from '../../support/tiny-run.ts';
import { TestCohort } from './test-cohort.ts';

const eighth = (): number => 1 / 8;

/** A cohort of the whole network with so many rounds folded, each update twice as large as those of the round before. */
async function folded(rounds: number, clip: Robust['clip'] = 'many-rounds') {
  const model = createTinyModel();
  const spec = {
    plan: { name: 'conventional' },
    rounds: 300,
    aggregation: 'clipped-mean',
    robust: { clip },
    policy: { rounds: 'buffered', maxStaleness: 4 },
  } as const;
  const request = tinyRequest({ model, spec });
  const blobs = new MemoryBlobs();
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  const config = { spec: request.spec, model: model.outline };
  const segments = Object.entries(request.segments).map(([id, shards]) => [id, { version: 0, shards }]);
  const manifest: Manifest = { version: 0, segments: Object.fromEntries(segments) };
  const [task] = planTasks(config.spec, config.model, 1);
  const trains = task?.trains ?? [];
  const cohort = new TestCohort(config, 'whole', blobs);
  for (let round = 1; round <= rounds; round++) {
    cohort.train('ada', round, trains, () => 2 ** -(round % 8) / 8);
    await cohort.fold(round, manifest);
  }
  return { cohort, trains, manifest };
}

it('[BACK4] remembers what it did after the older version, whatever came since', async () => {
  const { cohort } = await folded(2);
  const then = cohort.log.memory();
  const { cohort: later } = await folded(5);
  expect(later.log.memory()).not.toEqual(then);
  later.takeBack(6, 2);
  expect(later.log.memory()).toEqual(then);
  later.takeBack(6, 2);
  expect(later.log.memory()).toEqual(then);
});

it('[BACK4] begins anew if it remembered that more than 100 rounds ago', async () => {
  const { cohort, trains, manifest } = await folded(105);
  cohort.takeBack(106, 6);
  expect(cohort.log.memory()).toBeNull();
  cohort.train('ada', 107, trains, eighth);
  expect((await cohort.fold(107, manifest)).scale).toBeUndefined();
  const { cohort: other } = await folded(105);
  const then = other.log.memoryAfter(7)?.memory;
  other.takeBack(106, 7);
  expect(other.log.memory()).toEqual(then);
});

it('[BACK4] begins anew in a run of an older release, of which only the newest memory was kept', async () => {
  const { cohort } = await folded(5, 'three-rounds');
  expect(cohort.log.memory()).not.toBeNull();
  cohort.takeBack(6, 5);
  expect(cohort.log.memory()).toBeNull();
});

it('[BACK4] remembers again after it had begun anew', async () => {
  const { cohort } = await folded(105);
  const then = cohort.log.memoryAfter(104)?.memory;
  cohort.takeBack(106, 6);
  expect(cohort.log.memory()).toBeNull();
  cohort.takeBack(107, 104);
  expect(cohort.log.memory()).toEqual(then);
});

it('[BACK3] refuses updates to leases of that round and of older ones, and takes those of the next', async () => {
  const { cohort, trains } = await folded(2);
  cohort.takeBack(3, 1);
  for (const round of [2, 3])
    expect(cohort.send(cohort.claims('bob', round, trains), eighth)).toMatchObject({ reason: 'taken-back' });
  expect(cohort.send(cohort.claims('bob', 4, trains), eighth)).toMatchObject({ ok: true });
});

it('[BACK3] what was accepted for the round and for later ones counts in none of them', async () => {
  const { cohort, trains, manifest } = await folded(2);
  cohort.train('ada', 3, trains, eighth);
  cohort.close(3);
  // Late: it would have counted in the fourth round.
  cohort.train('bob', 3, trains, eighth);
  expect(cohort.log.countUpdates(4)).toBe(1);
  cohort.takeBack(3, 1);
  expect(cohort.log.countUpdates(4)).toBe(0);
  cohort.train('ada', 4, trains, eighth);
  expect((await cohort.fold(4, manifest)).updates).toBe(1);
});

it('[BACK3] archives what would have counted later, though the round was folded and archived before', async () => {
  const { cohort, trains, manifest } = await folded(2);
  cohort.train('ada', 3, trains, eighth);
  await cohort.fold(3, manifest);
  expect(cohort.archived.get(3)).toEqual(['adaround3']);
  cohort.train('bob', 3, trains, eighth);
  expect(cohort.log.countUpdates(4)).toBe(1);
  cohort.takeBack(3, 1);
  await cohort.archive();
  expect(cohort.archived.get(3)).toEqual(['adaround3', 'bobround3']);
});

it('[BACK3] archives it too if the round is taken back while it is archived', async () => {
  const { cohort, trains, manifest } = await folded(2);
  cohort.train('ada', 3, trains, eighth);
  await cohort.foldSlice(3, manifest);
  cohort.train('bob', 3, trains, eighth);
  const archiving = cohort.archive();
  cohort.takeBack(3, 1);
  await archiving;
  await cohort.archive();
  expect(cohort.archived.get(3)).toEqual(['adaround3', 'bobround3']);
});

it('[BACK3] takes a fold back that had ended already', async () => {
  const { cohort, trains, manifest } = await folded(2);
  cohort.train('ada', 3, trains, eighth);
  const { updates } = await cohort.fold(3, manifest);
  expect(updates).toBe(1);
  const before = (await folded(1)).cohort.log.memory();
  cohort.takeBack(3, 1);
  expect(cohort.log.memory()).toEqual(before);
});

it('[BACK4] remembers again what it did of segments that other rounds trained', async () => {
  const model = createTinyModel([3, 10], { hasMiddle: true });
  const spec = { plan: { name: 'growing-together' }, aggregation: 'clipped-mean', rounds: 12 } as const;
  const { spec: full, segments } = tinyRequest({ model, spec });
  const blobs = new MemoryBlobs();
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  const cohort = new TestCohort({ spec: full, model: model.outline }, 'student', blobs);
  const versions = Object.entries(segments).map(([id, shards]) => [id, { version: 0, shards }]);
  const manifest: Manifest = { version: 0, segments: Object.fromEntries(versions) };
  const trainRound = async (round: number, trains: readonly string[], change: number) => {
    cohort.train('ada', round, trains, () => change);
    return cohort.fold(round, manifest);
  };
  const before = ['segment-1', 'head-1'];
  const after = ['segment-1', 'middle', 'head-1', 'head-middle'];
  for (const round of [1, 2, 3]) await trainRound(round, before, 0.25);
  await trainRound(4, after, 0.25);
  const then = cohort.log.memory();
  expect(Object.keys(then?.others ?? {})).toEqual([before.join()]);
  const { scale } = await trainRound(5, after, 50);
  expect(cohort.log.memory()).not.toEqual(then);
  cohort.takeBack(5, 4);
  expect(cohort.log.memory()).toEqual(then);
  expect((await trainRound(6, after, 0.25)).scale).toBe(scale);
});

it('[BACK3] lets go how far the updates of the round were compared', async () => {
  const model = createTinyModel();
  const spec = { plan: { name: 'conventional' }, aggregation: 'multi-krum' } as const;
  const { spec: full, segments } = tinyRequest({ model, spec });
  const blobs = new MemoryBlobs();
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  const cohort = new TestCohort({ spec: full, model: model.outline }, 'whole', blobs);
  const versions = Object.entries(segments).map(([id, shards]) => [id, { version: 0, shards }]);
  const manifest: Manifest = { version: 0, segments: Object.fromEntries(versions) };
  const trains = planTasks(full, model.outline, 1)[0]?.trains ?? [];
  for (const name of ['ada', 'bob', 'cyd', 'dan', 'eve']) cohort.train(name, 1, trains, eighth);
  cohort.evict({ groupBytes: 100, groupsAtOnce: 1, maxValues: 1, maxReads: 1 });
  expect(await cohort.foldSlice(1, manifest)).toBeNull();
  expect(cohort.log.compared(1)).not.toBeNull();
  cohort.takeBack(1, 0);
  expect(cohort.log.compared(1)).toBeNull();
  expect(await cohort.foldSlice(1, manifest)).toEqual({ updates: 0, segments: {} });
});
