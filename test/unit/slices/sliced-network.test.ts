import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ramp } from '../../../client/trainer/models/ramp.ts';
import { type Loaded, pick, runChain, SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { BuiltModel, LeaseJob, SegmentFiles, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { decodeUpdate, openEnvelope } from '../../../shared/codec/envelope.ts';
import type { ChannelSlices } from '../../../shared/protocol/channels.ts';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { segmentById } from '../../../shared/protocol/model-outline.ts';
import { leaseJob, segmentFiles, startLocalTrainer, wholeTask } from '../../support/local-trainer.ts';
import { bodyFiles, positionsIn, slicesOf, zeroedOutside } from './zoo-slices.ts';

let trainer: TrainerApi;

beforeAll(async () => {
  ({ trainer } = await startLocalTrainer());
});

const build = (name: string): Promise<BuiltModel> =>
  trainer.build({ name, inputShape: [28, 28, 1], classes: 10, seed: 1 });

async function logits(files: Readonly<Record<string, SegmentFiles>>, slices?: ChannelSlices) {
  const models = new SegmentModels();
  try {
    const loaded = await models.loadAll(files, slices);
    return tf.tidy(() => run(loaded).dataSync());
  } finally {
    models.dispose();
  }
}

const run = (loaded: Loaded): tf.Tensor => runChain(pick(loaded, Object.keys(loaded)), ramp([2, 28, 28, 1]));

/** Each channel is normed with its group, and its group is in the slice whole. */
const exact = ['cnn', 'cnn-5', 'vgg16-quarter', 'resnext20-8x4'];
const slicings = ['nested', 'disjoint'] as const;
const cases = exact.flatMap(name => slicings.map(slicing => ({ name, slicing })));

describe.each(cases)('$name with $slicing slices', ({ name, slicing }) => {
  it('computes what the whole network computes if the weights outside the slice are zero', async () => {
    const built = await build(name);
    const [files, slices] = [bodyFiles(built), slicesOf(built, slicing)];
    const [narrow, zeroed, whole] = [
      await logits(files, slices),
      await logits(zeroedOutside(files, slices)),
      await logits(files),
    ];
    for (const [i, value] of narrow.entries()) expect(value).toBeCloseTo(zeroed[i] ?? Number.NaN, 5);
    expect(largestDifference(narrow, whole)).toBeGreaterThan(1e-4);
  });

  it('learns in a step what the whole network learns of these weights then', async () => {
    const built = await build(name);
    const slices = slicesOf(built, slicing);
    const narrow = await changesOf(built, { ...wholeTask, slices }, segmentFiles(built));
    const zeroed = await changesOf(built, wholeTask, zeroedOutside(segmentFiles(built), slices));
    const tensors = wholeTask.trains.flatMap(id => segmentById(built.outline, id).tensors);
    for (const [i, tensor] of tensors.entries()) {
      const expected = Float32Array.from(positionsIn(tensor, slices), at => zeroed[i]?.[at] ?? Number.NaN);
      expect(narrow[i]).toHaveLength(expected.length);
      expect(largestDifference(narrow[i] ?? [], expected)).toBeLessThan(1e-6);
    }
    expect(narrow.flatMap(values => [...values]).filter(Boolean).length).toBeGreaterThan(100);
  });
});

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))));

/** What a lease of one batch changes. */
async function changesOf(
  built: BuiltModel,
  task: Task,
  segments: LeaseJob['segments'],
): Promise<readonly Float32Array[]> {
  const job = { ...leaseJob(built, task), batch: 96, microBatch: 96, weightDecay: 0, segments };
  const { envelope } = await trainer.work(job);
  const opened = openEnvelope(envelope);
  const tensors = expectedTensors(built.outline, task.trains, task.slices);
  const values = opened.ok ? decodeUpdate(opened.value, { codec: { name: 'f32' }, tensors }) : opened;
  if (!values.ok) throw new Error(`${values.reason} ${values.detail}`);
  return values.value;
}

it.each([
  { name: 'densenet-28-12', slicing: 'nested' },
  { name: 'densenet-40-12', slicing: 'disjoint' },
] as const)(
  '$name trains $slicing slices, with other groups in the norms of concatenations',
  async ({ name, slicing }) => {
    const built = await build(name);
    const slices = slicesOf(built, slicing);
    const changes = await changesOf(built, { ...wholeTask, slices }, segmentFiles(built));
    const count = (shapes: readonly (readonly number[])[]): number =>
      shapes.reduce((sum, shape) => sum + elementsOf(shape), 0);
    const tensors = wholeTask.trains.flatMap(id => segmentById(built.outline, id).tensors);
    expect(count(changes.map(({ length }) => [length]))).toBeLessThan(
      0.3 * count(tensors.map(({ shape }) => shape)),
    );
    expect(changes.every(values => values.some(value => value !== 0))).toBe(true);
  },
);
