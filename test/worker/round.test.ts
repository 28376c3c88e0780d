import { expect, test } from 'vitest';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { encodePart } from '../../shared/datasets/part.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import type { PartRef } from '../../shared/protocol/dataset.ts';
import { entriesOf, publishedVersion, readLedger, until, viewWhen } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { changedShards } from '../support/tiny-model.ts';
import {
  createTinyRun,
  evaluationOf,
  joinMany,
  takeLease,
  tinyGlyphs,
  train,
  updateOf,
} from '../support/tiny-run.ts';

const platform = usePlatform();

test('[PUB1] a round of a student and a teacher publishes old weights plus each update, to the bit', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [first, second] = await joinMany(client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  const asTeacher = await train(client, tiny, first, (_, i) => (i + 1) / 16);
  const asStudent = await train(client, tiny, second, name => (name.startsWith('h1') ? -1 / 8 : 1 / 4));
  expect([asTeacher.task.role, asStudent.task.role]).toEqual(['teacher', 'student']);
  expect(asTeacher.task.trains).toEqual(['segment-2']);
  expect(asStudent.task.trains).toEqual(['segment-1', 'head-1']);
  const manifest = await publishedVersion(client, tiny.run, 1);
  expect(manifest).toEqual({
    version: 1,
    segments: {
      'segment-1': { version: 1, shards: changedShards(tiny.model, 'segment-1', () => 1 / 4) },
      'head-1': { version: 1, shards: changedShards(tiny.model, 'head-1', () => -1 / 8) },
      'segment-2': { version: 1, shards: changedShards(tiny.model, 'segment-2', (_, i) => (i + 1) / 16) },
    },
  });
  for (const { shards } of Object.values(manifest.segments))
    for (const { sha256, bytes } of shards) expect((await client.getBlob(sha256)).length).toBe(bytes);
});

test('the mean is weighted by the examples that were leased, whatever the metrics say', async () => {
  const { client } = platform;
  const dataset = await hostedDataset(client);
  const spec = { dataset, plan: { name: 'conventional' } } as const;
  const tiny = await createTinyRun(client, { spec });
  const [first, second] = await joinMany(client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  const small = await takeLease(client, tiny.run, first);
  const large = await takeLease(client, tiny.run, second);
  expect([small.examples, large.examples]).toEqual([1, 3]);
  const boast = { metrics: { samples: 50, loss: 0, trainMs: 1, downloadBytes: 0, backend: 'cpu' } };
  await client.putUpdate(
    tiny.run,
    small.id,
    small.token,
    updateOf(tiny.model, small, () => 1, boast),
  );
  await client.putUpdate(
    tiny.run,
    large.id,
    large.token,
    updateOf(tiny.model, large, () => -0.5),
  );
  const { segments } = await publishedVersion(client, tiny.run, 1);
  // (1 × 1 + 3 × -0.5) / 4, exact in binary.
  for (const id of ['segment-1', 'segment-2'])
    expect(segments[id]?.shards).toEqual(changedShards(tiny.model, id, () => -0.125));
});

test('a mean that no float holds exactly is rounded as the specification says', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, {
    spec: { plan: { name: 'conventional' }, codec: { name: 'f32' } },
  });
  const volunteers = await joinMany(client, tiny.run, 3);
  const values = [0.1, 0.2, -0.7].map(Math.fround);
  for (const [i, volunteer] of volunteers.entries())
    await train(client, tiny, volunteer, () => values[i] ?? 0, { codec: { name: 'f32' } });
  const { segments } = await publishedVersion(client, tiny.run, 1);
  // Ten examples each: Σ round(10 Δ 2^24) / (30 × 2^24), rounded to f32; the sum with the weight is rounded again.
  const steps = values.reduce((sum, value) => sum + Math.round(10 * value * 2 ** 24), 0);
  const mean = Math.fround(steps / (30 * 2 ** 24));
  expect(segments['segment-2']?.shards).toEqual(changedShards(tiny.model, 'segment-2', () => mean));
});

test('[ROUND3] a segment that nobody returned keeps its shards when the deadline closes the round', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { policy: { roundMs: 1_000 } } });
  const [first] = await joinMany(client, tiny.run, 2);
  if (!first) throw new Error('two volunteers');
  await train(client, tiny, first, () => 0.5);
  const { segments } = await publishedVersion(client, tiny.run, 1);
  expect(segments['segment-2']).toEqual({
    version: 1,
    shards: changedShards(tiny.model, 'segment-2', () => 0.5),
  });
  for (const id of ['segment-1', 'head-1'])
    expect(segments[id]).toEqual({ version: 0, shards: changedShards(tiny.model, id, () => 0) });
  const [published] = await entriesOf(client, tiny.run, 'version-published');
  expect(published?.updates).toEqual({ student: 0, teacher: 1 });
  expect(Object.keys(published?.segments ?? {})).toEqual(['segment-2']);
});

test('[ROUND3] a deadline with nothing returned extends the round, and the run goes on', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { policy: { roundMs: 1_000 } } });
  const [first, second] = await joinMany(client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  await takeLease(client, tiny.run, first);
  const extended = async () => (await entriesOf(client, tiny.run, 'round-extended')).length;
  await until(extended, 'the deadline');
  expect(await extended()).toBe(1);
  await train(client, tiny, first, () => 0);
  await train(client, tiny, second, () => 0);
  expect((await publishedVersion(client, tiny.run, 1)).version).toBe(1);
});

test('[EVAL2] after the last round its version is evaluated over every test part, and the run finishes', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { rounds: 1, name: 'one round' } });
  const volunteers = await joinMany(client, tiny.run, 2);
  const listed = async () => (await client.listRuns()).find(({ run }) => run === tiny.run);
  expect(await listed()).toMatchObject({ name: 'one round', phase: 'open', round: 1, accuracy: null });
  for (const volunteer of volunteers) await train(client, tiny, volunteer, () => 0.125);
  await publishedVersion(client, tiny.run, 1);
  for (const version of [0, 1]) {
    const parts: number[] = [];
    for (const [i, volunteer] of volunteers.entries()) {
      const lease = await takeLease(client, tiny.run, volunteer);
      expect(lease).toMatchObject({ version, split: 'test', task: { role: 'evaluator', trains: [] } });
      expect(Object.keys(lease.segments)).toEqual(['segment-1', 'segment-2']);
      parts.push(...lease.parts);
      await client.putUpdate(tiny.run, lease.id, lease.token, evaluationOf(lease, 2 + version + 5 * i));
    }
    expect(parts.toSorted()).toEqual([0, 1]);
  }
  const view = await viewWhen(client, tiny.run, ({ phase }) => phase === 'finished', 'the end');
  const evaluated = await entriesOf(client, tiny.run, 'version-evaluated');
  // (2 + 7) and (3 + 8) of two parts of ten. The loss is a quarter for each that is right, and one for the others. Both
  // have trained the version, so nobody confirms it ([EVAL8]).
  const unconfirmed = { type: 'version-evaluated', examples: 20, confirmed: false };
  expect(evaluated).toEqual([
    { ...unconfirmed, version: 0, accuracy: 9 / 20, loss: (9 / 4 + 11) / 20 },
    { ...unconfirmed, version: 1, accuracy: 11 / 20, loss: (11 / 4 + 9) / 20 },
  ]);
  expect(view).toMatchObject({ why: 'rounds', accuracy: 11 / 20, bestAccuracy: 11 / 20, unconfirmed: true });
  expect((await readLedger(client, tiny.run)).at(-1)?.event).toEqual({ type: 'run-finished', why: 'rounds' });
  expect(await client.lease(tiny.run, volunteers[0]?.token ?? '')).toEqual({ type: 'finished' });
  await expect.poll(listed).toMatchObject({ phase: 'finished', accuracy: 11 / 20 });
});

test('a version that is out never changes and every one stays served', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const volunteers = await joinMany(client, tiny.run, 2);
  const zero = await client.version(tiny.run, 0);
  for (const version of [1, 2]) {
    for (const volunteer of volunteers) await train(client, tiny, volunteer, () => 0.25);
    await publishedVersion(client, tiny.run, version);
  }
  expect(await client.version(tiny.run, 0)).toEqual(zero);
  const one = await client.version(tiny.run, 1);
  const two = await client.version(tiny.run, 2);
  expect(one.segments['segment-1']?.shards).toEqual(changedShards(tiny.model, 'segment-1', () => 0.25));
  expect(two.segments['segment-1']?.shards).toEqual(changedShards(tiny.model, 'segment-1', () => 0.5));
  await expect(client.version(tiny.run, 3)).rejects.toMatchObject({ status: 404, reason: 'not-found' });
});

/** Training parts of one and of three pictures: leases of different weight. */
async function hostedDataset(client: HomeroomClient) {
  const shape = { height: 28, width: 28, channels: 1 };
  const upload = async (examples: number): Promise<PartRef> => {
    const pixels = new Uint8Array(examples * 28 * 28);
    const bytes = encodePart({ shape, classes: 10, labels: new Uint8Array(examples), pixels });
    const file = new Uint8Array(bytes);
    await client.putBlob(sha256Hex(file), file);
    return { sha256: sha256Hex(file), bytes: file.length, examples };
  };
  const [small, large] = [await upload(1), await upload(3)];
  const partition = tinyGlyphs.partition;
  const kind = 'hosted' as const;
  return { kind, name: 'two parts', shape, classes: 10, partition, train: [small, large], test: [small] };
}
