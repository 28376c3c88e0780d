import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { createTrainer } from '../../client/trainer/create-trainer.ts';
import type { BuiltModel, TrainerApi } from '../../client/trainer/trainer-api.ts';
import { BlobSource } from '../../client/volunteer/blob-source.ts';
import { prepareJob } from '../../client/volunteer/prepare-job.ts';
import { defaultWorkLimits } from '../../client/volunteer/work-limits.ts';
import { decodeUpdate, openEnvelope } from '../../shared/codec/envelope.ts';
import { readShards } from '../../shared/codec/shard-layout.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import { explainPause } from '../../shared/protocol/pause.ts';
import { refusals } from '../../shared/protocol/refusals.ts';
import { keepsNothing } from '../support/memory-store.ts';
import { entriesOf, publishedVersion, viewWhen } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import {
  createTinyRun,
  joinMany,
  refusalOf,
  type TinyRun,
  type TinyVolunteer,
  takeLease,
  tinyGlyphs,
  updateOf,
} from '../support/tiny-run.ts';
import { unwrap } from '../unit/codec/arbitraries.ts';

const platform = usePlatform();

let trainer: TrainerApi;

beforeAll(async () => {
  trainer = createTrainer();
  await trainer.start({ backend: 'wasm' });
});

/** A network that scales pictures up, as a host brings it: batch norm sees them before any weight has shrunk them. */
function wideNetwork(scale: number, isFrozen = false): Promise<BuiltModel> {
  const model = tfl.sequential({ name: 'wide' });
  model.add(tfl.layers.rescaling({ name: 'widen', scale, inputShape: [28, 28, 1] }));
  model.add(tfl.layers.batchNormalization({ name: 'norm-1', momentum: 0.5, trainable: !isFrozen }));
  model.add(tfl.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, strides: 2, activation: 'relu' }));
  model.add(tfl.layers.batchNormalization({ name: 'norm-2', momentum: 0.5 }));
  model.add(tfl.layers.flatten({ name: 'flat' }));
  model.add(tfl.layers.dense({ name: 'logits', units: 10 }));
  const modelTopology: unknown = model.toJSON(null, false);
  model.dispose();
  const modelJson = encodeUtf8(JSON.stringify({ format: 'layers-model', modelTopology }));
  return trainer.build({
    name: 'wide',
    files: { modelJson, weights: {} },
    inputShape: [28, 28, 1],
    classes: 10,
    seed: 1,
    cuts: ['norm-2'],
  });
}

type Tensors = Readonly<Record<string, readonly number[]>>;

interface Sent {
  readonly examples: number;
  readonly tensors: Tensors;
}

/** Trains a lease as a volunteer does, and sends what came of it. */
async function work(tiny: TinyRun, volunteer: TinyVolunteer): Promise<Sent> {
  const { client } = platform;
  const info = await client.run(tiny.run);
  const lease = await takeLease(client, tiny.run, volunteer);
  const blobs = new BlobSource(client, keepsNothing, new AbortController().signal);
  const job = await prepareJob(info, lease, blobs, { memoryMB: 0, workLimits: defaultWorkLimits });
  const { envelope } = await trainer.work({ ...job, downloadBytes: 0 });
  await client.putUpdate(tiny.run, lease.id, lease.token, Uint8Array.from(envelope));
  const tensors = expectedTensors(info.model, lease.task.trains);
  const values = unwrap(decodeUpdate(unwrap(openEnvelope(envelope)), { codec: info.spec.codec, tensors }));
  const named = tensors.flatMap(({ tensor, statistic }, i) =>
    statistic === undefined ? [] : [[tensor, [...(values[i] ?? [])]] as const],
  );
  return { examples: lease.examples, tensors: Object.fromEntries(named) };
}

/** All tensors of a segment in a version. */
async function tensorsOf({ run, model }: TinyRun, version: number, segment: string): Promise<Tensors> {
  const { client } = platform;
  const manifest = await publishedVersion(client, run, version);
  const shards = manifest.segments[segment]?.shards ?? [];
  const files = await Promise.all(shards.map(({ sha256 }) => client.getBlob(sha256)));
  const specs = model.outline.segments.find(({ id }) => id === segment)?.tensors ?? [];
  return Object.fromEntries(unwrap(readShards(specs, files)).map(({ name, values }) => [name, [...values]]));
}

const meanOf = (sent: readonly Sent[], tensor: string): number[] => {
  const examples = sent.reduce((sum, one) => sum + one.examples, 0);
  return (sent[0]?.tensors[tensor] ?? []).map((_, i) =>
    Math.fround(
      sent.reduce((sum, one) => sum + one.examples * (one.tensors[tensor]?.[i] ?? 0), 0) / examples,
    ),
  );
};

const wide = [
  ['far beyond what a weight may change by', 255, 3_000],
  ['beyond the largest half', 2_000, 100_000],
] as const;

test.for(wide)(
  '[PUB5] statistics %s are the mean of what everybody observed, and the run goes on',
  async ([, scale, least]) => {
    const { client } = platform;
    const built = await wideNetwork(scale);
    const blobs = built.blobs.map(({ sha256, bytes }) => ({ sha256, bytes: Uint8Array.from(bytes) }));
    const model = { ...built, blobs, weights: {} };
    const spec = {
      dataset: { ...tinyGlyphs, examplesPerPart: 64 },
      plan: { name: 'conventional' },
      rounds: 9,
      training: { batch: 8, learningRate: 0.01 },
      policy: { updatesPerRound: 2 },
      aggregation: 'mean',
    } as const;
    const tiny = await createTinyRun(client, { model, spec });
    const volunteers = await joinMany(client, tiny.run, 2);
    const statistics = ['norm-1', 'norm-2'].flatMap(norm => [
      `${norm}/moving_mean`,
      `${norm}/moving_variance`,
    ]);
    for (const version of [1, 2]) {
      const sent: Sent[] = [];
      for (const volunteer of volunteers) sent.push(await work(tiny, volunteer));
      const tensors = await tensorsOf(tiny, version, 'segment-1');
      expect(Object.keys(sent[0]?.tensors ?? {})).toEqual(statistics);
      for (const tensor of statistics) expect(tensors[tensor]).toEqual(meanOf(sent, tensor));
      expect(tensors['norm-1/moving_variance']?.[0]).toBeGreaterThan(least);
    }
    expect((await client.run(tiny.run)).view).toMatchObject({ phase: 'open', accepted: 4, refused: 0 });
    for (const { norm } of await entriesOf(client, tiny.run, 'update-accepted'))
      expect(norm).toBeLessThan(20);
  },
);

test('[PUB5] a hostile statistic moves none beyond what honest volunteers observed, round after round', async () => {
  const { client } = platform;
  const built = await wideNetwork(1);
  const blobs = built.blobs.map(({ sha256, bytes }) => ({ sha256, bytes: Uint8Array.from(bytes) }));
  const model = { ...built, blobs, weights: {} };
  const spec = {
    dataset: { ...tinyGlyphs, examplesPerPart: 64 },
    plan: { name: 'conventional' },
    rounds: 9,
    training: { batch: 8, learningRate: 0.01 },
    policy: { updatesPerRound: 3, evaluators: 'referees' },
    aggregation: 'clipped-mean',
  } as const;
  const tiny = await createTinyRun(client, { model, spec });
  const [hostile, ...honest] = await joinMany(client, tiny.run, 3);
  if (!hostile) throw new Error('a volunteer');
  const largest = (tensor: string): number =>
    tensor.includes('variance') ? 2 ** 32 : tensor.includes('mean') ? 2 ** 16 : 0;
  for (const version of [1, 2, 3]) {
    const lease = await takeLease(client, tiny.run, hostile);
    await client.putUpdate(tiny.run, lease.id, lease.token, updateOf(model, lease, largest));
    const sent: Sent[] = [];
    for (const volunteer of honest) sent.push(await work(tiny, volunteer));
    const tensors = await tensorsOf(tiny, version, 'segment-1');
    for (const norm of ['norm-1', 'norm-2'])
      for (const tensor of [`${norm}/moving_mean`, `${norm}/moving_variance`]) {
        const observed = sent.map(one => one.tensors[tensor] ?? []);
        for (const [i, value] of (tensors[tensor] ?? []).entries())
          expect(value, tensor).toBe(Math.max(...observed.map(values => values[i] ?? Number.NaN)));
      }
  }
  expect((await client.run(tiny.run)).view).toMatchObject({ phase: 'open', refused: 0 });
});

test('[PUB6] a frozen layer is in no update, and every version has what it was brought with', async () => {
  const { client } = platform;
  const built = await wideNetwork(1, true);
  const blobs = built.blobs.map(({ sha256, bytes }) => ({ sha256, bytes: Uint8Array.from(bytes) }));
  const spec = {
    dataset: { ...tinyGlyphs, examplesPerPart: 64 },
    plan: { name: 'conventional' },
    training: { batch: 8, learningRate: 0.01 },
  } as const;
  const tiny = await createTinyRun(client, { model: { ...built, blobs, weights: {} }, spec });
  const [volunteer] = await joinMany(client, tiny.run, 1);
  if (!volunteer) throw new Error('a volunteer');
  const { model } = await client.run(tiny.run);
  const frozen = model.segments.flatMap(({ tensors }) => tensors).filter(tensor => tensor.frozen);
  expect(frozen.map(({ name }) => name)).toEqual(
    ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(name => `norm-1/${name}`),
  );
  const sent = await work(tiny, volunteer);
  expect(Object.keys(sent.tensors)).toEqual(['norm-2/moving_mean', 'norm-2/moving_variance']);
  const [before, after] = [await tensorsOf(tiny, 0, 'segment-1'), await tensorsOf(tiny, 1, 'segment-1')];
  for (const { name } of frozen) expect(after[name]).toEqual(before[name]);
  for (const name of ['conv/kernel', 'norm-2/moving_mean']) expect(after[name]).not.toEqual(before[name]);
});

const hostile = [
  ['is not a finite number', Number.NaN],
  ['is -3: no variance is below zero', -3],
  ['is 1e+30, at most 4294967296 is possible', 1e30],
] as const;

test.for(hostile)(
  '[ACC7] a moving variance that %s is refused in these words, and halves the rate',
  async ([words, value]) => {
    const { client } = platform;
    const spec = { plan: { name: 'conventional' }, training: { learningRate: 0.2 } } as const;
    const tiny = await createTinyRun(client, { model: createTinyModel([3, 10], { hasNorm: true }), spec });
    const [volunteer] = await joinMany(client, tiny.run, 1);
    if (!volunteer) throw new Error('a volunteer');
    const send = async (observed: number, rate: number): Promise<void> => {
      const lease = await takeLease(client, tiny.run, volunteer);
      expect(lease.task.schedule.rate).toBe(rate);
      const change = (tensor: string): number => (tensor === 'norm/moving_variance' ? observed : 0.25);
      await client.putUpdate(tiny.run, lease.id, lease.token, updateOf(tiny.model, lease, change));
    };
    const refused = await refusalOf(send(value, 0.2));
    expect([refused.status, refused.reason]).toEqual([refusals['bad-statistics'].status, 'bad-statistics']);
    const [entry] = await entriesOf(client, tiny.run, 'update-refused');
    expect(entry?.detail).toContain(`the moving variance of layer norm ${words}`);
    await send(70_000, 0.1);
    const tensors = await tensorsOf(tiny, 1, 'segment-2');
    expect(tensors['norm/moving_variance']).toEqual(Array(4).fill(70_000));
    expect(tensors['norm/moving_mean']).toEqual(Array(4).fill(0.25));
  },
);

test('[DIV2] a run whose statistics nobody can send pauses itself, and says which and what can be done', async () => {
  const { client } = platform;
  const spec = { plan: { name: 'conventional' } } as const;
  const tiny = await createTinyRun(client, { model: createTinyModel([3, 10], { hasNorm: true }), spec });
  const [volunteer] = await joinMany(client, tiny.run, 1);
  if (!volunteer) throw new Error('a volunteer');
  for (let i = 0; i < 5; i++) {
    const lease = await takeLease(client, tiny.run, volunteer);
    const body = updateOf(tiny.model, lease, tensor => (tensor === 'norm/moving_mean' ? 1e9 : 0));
    await refusalOf(client.putUpdate(tiny.run, lease.id, lease.token, body));
  }
  const view = await viewWhen(client, tiny.run, ({ phase }) => phase === 'paused', 'the pause');
  expect(view.why).toBe('bad-statistics');
  const told = explainPause(view);
  expect(told).toContain('(the moving mean of layer norm is 1000000000, at most 65536 is possible');
  expect(told).toContain('If the host resumes it, it goes on with halved learning rates.');
  expect(told).toContain('a new run needs a layer that scales them down, such as Rescaling.');
});
