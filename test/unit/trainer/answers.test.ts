import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BuiltModel, PredictJob, TestJob, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import {
  evaluatorTask,
  exit,
  fewGlyphs,
  leaseJob,
  segmentFiles,
  startLocalTrainer,
  wholeTask,
} from '../../support/local-trainer.ts';

let trainer: TrainerApi;
let model: BuiltModel;

beforeAll(async () => {
  ({ trainer, model } = await startLocalTrainer());
});

const glyphs = { kind: 'glyphs', dataset: fewGlyphs, split: 'test', parts: [0] } as const;

const testJob = (change: Partial<TestJob> = {}): TestJob => ({
  ...{ version: 'first', task: evaluatorTask, microBatch: 8, segments: segmentFiles(model) },
  ...{ examples: glyphs, classes: 10, mostWrong: 5 },
  ...change,
});

const predictJob = async (change: Partial<PredictJob> = {}): Promise<PredictJob> => ({
  ...{ version: 'first', task: evaluatorTask, microBatch: 8, segments: segmentFiles(model), most: 3 },
  pictures: await trainer.samples(glyphs, 10),
  ...change,
});

const without = ({ segments: _, ...job }: PredictJob): PredictJob => job;

describe('a test of a version', () => {
  it('counts what an evaluator counts, by class', async () => {
    const tested = await trainer.test(testJob());
    const evaluated = await trainer.work(leaseJob(model, evaluatorTask));
    const right = Array.from({ length: 10 }, (_, i) => tested?.confusion[11 * i] ?? 0);
    expect(tested?.examples).toBe(96);
    expect(right.reduce((sum, count) => sum + count) / 96).toBe(evaluated.accuracy);
    expect(tested?.confusion.reduce((sum, count) => sum + count)).toBe(96);
  });

  it('hands over wrongly answered pictures, the most confident first, with what was said', async () => {
    const tested = await trainer.test(testJob());
    const all = await trainer.samples(glyphs, 96);
    const shares = tested?.wrong.map(({ said }) => said.share) ?? [];
    expect(shares).toHaveLength(5);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    for (const { index, label, said, picture } of tested?.wrong ?? []) {
      expect(all.labels[index]).toBe(label);
      expect(said.label).not.toBe(label);
      expect(Array.from(picture)).toEqual(Array.from(all.pixels.slice(784 * index, 784 * (index + 1))));
    }
  });

  it('ends with an abort if it is cancelled, and another one may follow', async () => {
    const testing = trainer.test(testJob({ version: 'cancelled', microBatch: 1 }));
    const ended = expect(testing).rejects.toMatchObject({ name: 'AbortError' });
    for (let i = 0; i < 20; i++) {
      await Promise.resolve();
      trainer.cancelTest();
    }
    await ended;
    expect((await trainer.test(testJob()))?.examples).toBe(96);
  });

  it('counts what is no number as no answer', async () => {
    const { segments = {} } = testJob();
    const broken = Object.fromEntries(
      Object.entries(segments).map(([id, files]) => [
        id,
        {
          ...files,
          shards: files.shards.map(shard => shard.map((byte, i) => (i < shard.length - 64 ? byte : 0xff))),
        },
      ]),
    );
    const tested = await trainer.test(testJob({ version: 'broken', segments: broken }));
    expect(tested?.unanswered.reduce((sum, count) => sum + count)).toBe(96);
    expect(tested?.wrong).toEqual([]);
  });
});

describe('a prediction', () => {
  it('names the likeliest classes of each picture, and needs the weights of a version once', async () => {
    const job = await predictJob();
    const first = await trainer.predict(job);
    expect(first).toHaveLength(10);
    for (const guesses of first ?? []) {
      expect(guesses).toHaveLength(3);
      expect(guesses.map(({ share }) => share)).toEqual(
        guesses.map(({ share }) => share).toSorted((a, b) => b - a),
      );
    }
    expect(await trainer.predict(without(job))).toEqual(first);
    const all = await trainer.predict({ ...without(job), most: 10 });
    expect(all?.[0]?.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
  });

  it('asks for the weights of a version that it does not hold', async () => {
    const job = await predictJob({ version: 'never given' });
    expect(await trainer.predict(without(job))).toBeNull();
  });

  it('answers by the exit that the task names, also by several together', async () => {
    const last = await trainer.predict(await predictJob());
    const plus = [{ after: 'segment-1', through: ['head-1'] }];
    const task = { ...evaluatorTask, exits: [{ ...exit('segment-2'), plus }] };
    const joined = await trainer.predict(await predictJob({ version: 'joined', task }));
    expect(joined).not.toEqual(last);
  });

  it('changes nothing about a lease that trains meanwhile, and leaves no tensors behind', async () => {
    const alone = await trainer.work(leaseJob(model, wholeTask));
    const job = await predictJob();
    await trainer.predict(job);
    await trainer.test(testJob());
    const before = tf.memory().numTensors;
    const training = trainer.work(leaseJob(model, wholeTask));
    await Promise.all([trainer.predict(job), trainer.test(testJob()), trainer.predict(without(job))]);
    expect((await training).loss).toBe(alone.loss);
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('the first pictures of a data set come as they are trained on', async () => {
  const { labels, pixels, shape } = await trainer.samples(glyphs, 7);
  expect(shape).toEqual({ height: 28, width: 28, channels: 1 });
  expect([labels.length, pixels.length]).toEqual([7, 7 * 784]);
  expect((await trainer.samples(glyphs, 1_000)).labels).toHaveLength(96);
});
