import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import type { BuiltModel, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { decodeUpdate, openEnvelope } from '../../../shared/codec/envelope.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import { headStyles } from '../../../shared/protocol/head-style.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { segmentById } from '../../../shared/protocol/model-outline.ts';
import { learningRateFor } from '../../../shared/protocol/model-zoo.ts';
import { firstOf } from '../../support/extent.ts';
import {
  constantRate,
  evaluatorTask,
  exit,
  leaseJob,
  studentTask,
  teacherTask,
  wholeTask,
} from '../../support/local-trainer.ts';

let trainer: TrainerApi;

beforeAll(async () => {
  trainer = createTrainer();
  await trainer.start({ backend: 'wasm' });
});

const build = (name: string): Promise<BuiltModel> =>
  trainer.build({ name, inputShape: [28, 28, 1], classes: 10, seed: 1 });

const lossAfter = async (model: BuiltModel, task: Task, epochs: number): Promise<number> => {
  const schedule = constantRate(learningRateFor(model.outline.name));
  return (await trainer.work(leaseJob(model, { ...task, epochs, schedule }))).loss;
};

/** Those with the most kinds of layers come first. */
const browserSized = ['resnext20-8x4', 'densenet-28-12', 'cnn-5', 'vgg16-quarter'];

describe('a network of the zoo, cut, written, downloaded and loaded again,', () => {
  it.each(firstOf(1, browserSized))(
    'learns as a student from 96 pictures, with a light head: %s',
    async name => {
      const model = await build(name);
      expect(await lossAfter(model, studentTask, 6)).toBeLessThan(await lossAfter(model, studentTask, 1));
      expect(await lossAfter(model, teacherTask, 1)).toBeLessThan(10);
      const macs = (id: string): number => segmentById(model.outline, id).macs;
      expect(macs('head-1')).toBeLessThanOrEqual(0.05 * (macs('segment-1') + macs('segment-2')));
    },
  );

  it.each(firstOf(1, browserSized))('learns whole with batch norm: %s', async name => {
    const model = await build(`${name}-bn`);
    expect(await lossAfter(model, wholeTask, 3)).toBeLessThan(await lossAfter(model, wholeTask, 1));
  });
});

describe('a student learns through a head of any style', () => {
  it.each(
    firstOf(
      2,
      headStyles.filter(style => style !== 'linear'),
    ),
  )('the mean loss of six passes is below that of the first: %s', async heads => {
    const request = { name: 'resnext20-8x4', inputShape: [28, 28, 1], classes: 10, seed: 1 } as const;
    const model = await trainer.build({ ...request, heads });
    const through = heads === 'momentum' ? ['average-1', 'head-1'] : ['head-1'];
    const task = { ...studentTask, exits: [exit('segment-1', ...through)] };
    expect(await lossAfter(model, task, 6)).toBeLessThan(await lossAfter(model, task, 1));
  });
});

describe('batch norm’s moving statistics', () => {
  const statistics = /moving_(mean|variance)$/;

  it('are in the update of what was trained, and have moved', async () => {
    const model = await build('densenet-28-12-bn');
    const envelope = openEnvelope((await trainer.work(leaseJob(model, wholeTask))).envelope);
    if (!envelope.ok) throw new Error(envelope.reason);
    const tensors = expectedTensors(model.outline, wholeTask.trains);
    const update = decodeUpdate(envelope.value, { codec: { name: 'f32' }, tensors });
    if (!update.ok) throw new Error(update.reason);
    const moved = tensors.map(({ tensor }, i) => ({
      tensor,
      isMoved: update.value[i]?.some(delta => delta !== 0),
    }));
    const kept = moved.filter(({ tensor }) => statistics.test(tensor));
    expect(kept).toHaveLength(2 * 27);
    expect(kept.filter(({ isMoved }) => !isMoved)).toEqual([]);
  });

  it('of a frozen segment stay, and so does its output', async () => {
    const model = await build('vgg16-quarter-bn');
    const [first, second] = [
      await trainer.work(leaseJob(model, evaluatorTask)),
      await trainer.work(leaseJob(model, evaluatorTask)),
    ];
    expect(second.loss).toBe(first.loss);
  });
});

it('keeps no tensor from lease to lease, with any layers', async () => {
  const model = await build('resnext20-8x4-bn');
  const tensorsAfterLease = async (): Promise<number> => {
    await trainer.work(leaseJob(model, studentTask));
    return tf.memory().numTensors;
  };
  await tensorsAfterLease();
  expect(await tensorsAfterLease()).toBe(await tensorsAfterLease());
});
