import { describe, expect, it } from 'vitest';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import { aggregationNames } from '../../../shared/protocol/aggregation-spec.ts';
import type { LeftOut } from '../../../shared/protocol/cohort-report.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest } from '../../support/tiny-run.ts';
import { TestCohort } from './test-cohort.ts';

const honest = ['ada', 'bob', 'cleo', 'dan', 'eve'];
const hostile = ['mal', 'ned'];

/** A cohort of the whole network before its round is folded, with updates of these volunteers. */
function trained(senders: readonly string[], spec: Partial<RunSpecInput> = {}, rounds = 1) {
  const model = createTinyModel();
  const request = tinyRequest({ model, spec: { plan: { name: 'conventional' }, rounds: 9, ...spec } });
  const blobs = new MemoryBlobs();
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  const config = { spec: request.spec, model: model.outline };
  const segments = Object.entries(request.segments).map(([id, shards]) => [id, { version: 0, shards }]);
  const manifest: Manifest = { version: 0, segments: Object.fromEntries(segments) };
  const trains = planTasks(config.spec, config.model, 1)[0]?.trains ?? [];
  const cohort = new TestCohort(config, 'whole', blobs);
  const send = (round: number): void => {
    for (const sender of senders)
      cohort.train(sender, round, trains, (_, i) =>
        hostile.includes(sender) ? 3 : (honest.indexOf(sender) + i + round) / 64,
      );
  };
  for (let round = 1; round <= rounds; round++) send(round);
  return { cohort, manifest, send };
}

const without = (names: readonly string[], turn = 2, round = 1): LeftOut => ({
  turn,
  leases: names.map(name => `${name}round${round}`),
});

const asked = (manifest: Manifest, leftOut?: LeftOut, round = 1) => ({
  ...{ round, manifest, handed: {}, handsOn: [], tellsUpdates: true as const },
  ...(leftOut && { leftOut }),
});

describe.each(aggregationNames)('a round that is folded again, by %s', aggregation => {
  it.each([1, 2])(
    '[CHECK9] is to the bit a round that never had what is left out, %i at a time',
    async count => {
      const names = hostile.slice(0, count);
      const { cohort, manifest } = trained([...honest, ...hostile], { aggregation });
      cohort.close(1);
      await cohort.foldAs(asked(manifest));
      const again = await cohort.foldAs(asked(manifest, without(names)));
      const clean = trained([...honest, ...hostile.slice(count)], { aggregation });
      clean.cohort.close(1);
      const wanted = await clean.cohort.foldAs(asked(manifest));
      expect(again).toEqual({ ...wanted, turn: 2 });
      expect(cohort.log.memory()).toEqual(clean.cohort.log.memory());
    },
  );
});

it('[CHECK9] the rule remembers before the next round as if they never had come', async () => {
  const spec = { aggregation: 'clipped-mean' } as const;
  const { cohort, manifest, send } = trained([...honest, ...hostile], spec);
  cohort.close(1);
  await cohort.foldAs(asked(manifest));
  await cohort.foldAs(asked(manifest, without(hostile)));
  const clean = trained(honest, spec);
  clean.cohort.close(1);
  await clean.cohort.foldAs(asked(manifest));
  send(2);
  clean.send(2);
  cohort.close(2);
  await cohort.foldAs(asked(manifest, undefined, 2));
  await cohort.foldAs(asked(manifest, without(hostile, 2, 2), 2));
  expect(await clean.cohort.fold(2, manifest)).toMatchObject({ updates: 5 });
  expect(cohort.log.memory()).toEqual(clean.cohort.log.memory());
});

it('[CHECK9] leaves out more at each turn, nothing twice, and goes on after its object has slept', async () => {
  const { cohort, manifest } = trained([...honest, ...hostile]);
  cohort.close(1);
  const first = await cohort.foldAs(asked(manifest));
  expect(first.counted?.map(({ volunteer }) => volunteer)).toEqual([...honest, ...hostile]);
  expect(first.turn).toBeUndefined();
  const second = await cohort.foldAs(asked(manifest, without(['mal'])));
  cohort.evict();
  expect(await cohort.foldAs(asked(manifest, without(['mal'])))).toEqual(second);
  const third = await cohort.foldAs(asked(manifest, without(hostile, 3)));
  expect(third).toMatchObject({ turn: 3, updates: 5 });
  expect(await cohort.foldAs(asked(manifest, without(['mal']))), 'an old request changes nothing').toEqual(
    third,
  );
});

it('[CHECK8] of which nothing is left publishes nothing, and the rule remembers nothing', async () => {
  const { cohort, manifest } = trained(honest, { aggregation: 'clipped-mean' });
  cohort.close(1);
  const before = cohort.log.memory();
  await cohort.foldAs(asked(manifest));
  const nothing = await cohort.foldAs(asked(manifest, without(honest)));
  expect(nothing).toEqual({ updates: 0, segments: {}, counted: [], turn: 2 });
  expect(cohort.log.measured(1)).toEqual([]);
  expect([...cohort.log.allUpdates(1)].length).toBe(5);
  expect(before).toBeNull();
});

it('[CHECK9] an update that is left out is still its volunteer’s one of the round', async () => {
  const { cohort, manifest } = trained([...honest, ...hostile]);
  cohort.close(1);
  await cohort.foldAs(asked(manifest));
  await cohort.foldAs(asked(manifest, without(hostile)));
  expect(cohort.log.hasServed(1, 'mal')).toBe(true);
  expect(cohort.log.isUpdated('malround1')).toBe(true);
});
