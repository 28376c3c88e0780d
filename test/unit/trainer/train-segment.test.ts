import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { loadExamples } from '../../../client/trainer/examples/examples.ts';
import { taskInputs } from '../../../client/trainer/lease/task-inputs.ts';
import { WorkPace } from '../../../client/trainer/lease/work-pace.ts';
import { buildModel } from '../../../client/trainer/models/build-model.ts';
import { type Loaded, SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { BuiltModel, LeaseJob } from '../../../client/trainer/trainer-api.ts';
import { NesterovSgd } from '../../../client/trainer/training/nesterov-sgd.ts';
import { trainSegment } from '../../../client/trainer/training/train-segment.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { constantRate, fewGlyphs, leaseJob, teacherTask, wholeTask } from '../../support/local-trainer.ts';

const COUNT = fewGlyphs.examplesPerPart;
const trainer = createTrainer();
const models = new SegmentModels();
let model: BuiltModel;
let loaded: Loaded;

beforeAll(async () => {
  await trainer.start({ backend: 'wasm' });
  model = await buildModel({ name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 });
});

beforeEach(async () => {
  loaded = await models.loadAll(leaseJob(model, wholeTask).segments);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const jobOf = (task: Task, more: Partial<LeaseJob> = {}): LeaseJob => ({ ...leaseJob(model, task), ...more });

const train = (job: LeaseJob, pace = new WorkPace(COUNT), optimizer?: NesterovSgd) =>
  trainSegment(job, loaded, loadExamples(job.examples), pace, optimizer);

const watch = (segment: string) => {
  const found = loaded[segment]?.model;
  if (!found) throw new Error(`no ${segment}`);
  return vi.spyOn(found, 'apply');
};

const weights = async (): Promise<number[][]> =>
  Promise.all(
    Object.values(loaded).flatMap(({ variables }) => variables.map(async it => Array.from(await it.data()))),
  );

const inputsOf = (job: LeaseJob) => taskInputs(job, loaded, loadExamples(job.examples), new WorkPace(COUNT));

/** The first examples' inputs in an epoch. */
async function epochInputs(job: LeaseJob, epochs: readonly number[]): Promise<number[][]> {
  const inputs = await inputsOf(job);
  return epochs.map(epoch =>
    tf.tidy(() =>
      Array.from(
        inputs(epoch)
          .batch(Uint32Array.of(0, 1, 2))
          .dataSync(),
      ),
    ),
  );
}

describe('the pictures of a lease', () => {
  it('are changed again for every epoch, in the same way for every volunteer', async () => {
    const job = jobOf(wholeTask, { augment: 'flip-and-crop' });
    const [first, second] = await epochInputs(job, [0, 1]);
    const [plain] = await epochInputs(jobOf(wholeTask), [0]);
    expect(first).not.toEqual(plain);
    expect(second).not.toEqual(first);
    expect(await epochInputs(job, [0, 1])).toEqual([first, second]);
    expect(await epochInputs({ ...job, seed: 2 }, [0])).not.toEqual([first]);
  });

  it('are the same in every epoch if the run does not augment', async () => {
    const [first, second] = await epochInputs(jobOf(wholeTask), [0, 1]);
    expect(second).toEqual(first);
  });

  it('come from as many views as wanted behind frozen segments, in turn', async () => {
    const task = { ...teacherTask, views: 2, epochs: 5 };
    const [a, b, c, d] = await epochInputs(jobOf(task, { augment: 'flip-and-crop' }), [0, 1, 2, 3]);
    expect([c, d]).toEqual([a, b]);
    expect(b).not.toEqual(a);
  });
});

describe('frozen segments', () => {
  it('put out the largest half if a half would be infinite, which no training survives', async () => {
    for (const variable of loaded['segment-1']?.variables ?? []) variable.assign(tf.mul(variable, 1e6));
    const [features = []] = await epochInputs(jobOf(teacherTask), [0]);
    expect(Math.max(...features)).toBe(65_504);
  });

  const batches = Math.ceil(COUNT / (4 * 8));

  it.each([
    ['flip-and-crop', 2, 5, 2 * batches],
    ['flip-and-crop', 3, 2, 2 * batches],
    ['none', 3, 5, batches],
  ] as const)(
    'augmented by %s to %i views run once for each view in %i epochs',
    async (augment, views, epochs, runs) => {
      const [frozen, trained] = [watch('segment-1'), watch('segment-2')];
      await train(jobOf({ ...teacherTask, views, epochs }, { augment, microBatch: 8 }));
      expect(frozen).toHaveBeenCalledTimes(runs);
      expect(trained).toHaveBeenCalledTimes((epochs * COUNT) / 8);
    },
  );
});

describe('a cancel', () => {
  const cancelAtFirst = (segment: string, pace: WorkPace) => {
    const spy = watch(segment);
    const apply = spy.getMockImplementation() ?? loaded[segment]?.model.constructor.prototype.apply;
    return spy.mockImplementation(function (this: unknown, ...given: unknown[]) {
      pace.cancel();
      return apply.call(this, ...given);
    });
  };

  it.each([
    ['between two micro-batches', 'segment-1', wholeTask],
    ['between two runs of frozen segments', 'segment-1', teacherTask],
  ])('is heard %s: none runs after it, no weight has moved, no tensor is left', async (_, segment, task) => {
    const pace = new WorkPace(COUNT);
    const before = await weights();
    const tensors = tf.memory().numTensors;
    const applied = cancelAtFirst(segment, pace);
    const job = jobOf(task, { batch: COUNT, microBatch: 8 });
    await expect(train(job, pace)).rejects.toThrow('cancelled');
    expect(applied).toHaveBeenCalledTimes(1);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(await weights()).toEqual(before);
  });
});

describe('an optimizer that lasts', () => {
  it('takes its momentum from one lease to the next, and belongs to its owner', async () => {
    const job = jobOf({ ...wholeTask, schedule: constantRate(0.01) });
    const reload = async () => {
      loaded = await models.loadAll(job.segments);
    };
    const afterOne = async (optimizer?: NesterovSgd): Promise<number[][]> => {
      await reload();
      await train(job, new WorkPace(COUNT), optimizer);
      return weights();
    };
    const atRest = await afterOne();
    const tensors = tf.memory().numTensors;
    const lasting = new NesterovSgd(job);
    expect(await afterOne(lasting)).toEqual(atRest);
    expect(await afterOne(lasting)).not.toEqual(atRest);
    expect(tf.memory().numTensors).toBeGreaterThan(tensors);
    lasting.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe('training that leaves the range of numbers', () => {
  it.each([
    ['in an epoch', 1e20, 3, 'the loss'],
    // One step: the loss before it is still a number.
    ['in its last step', 1e42, 1, 'a weight of conv1/kernel'],
  ])('%s ends its lease and says why, with no tensor left', async (_, rate, epochs, what) => {
    const healthy = jobOf(wholeTask, { batch: COUNT, microBatch: COUNT });
    const { device } = await trainer.work(healthy);
    const tensors = tf.memory().numTensors;
    const job = { ...healthy, task: { ...wholeTask, epochs, schedule: constantRate(rate) } };
    await expect(trainer.work(job)).rejects.toMatchObject({
      name: 'DivergedError',
      message: `${what} is not a finite number: the learning rate is too high for this network`,
    });
    expect(tf.memory().numTensors).toBe(tensors);
    const next = await trainer.work(healthy);
    // The backend was not to blame: it is the same one, and takes as many examples at once.
    expect(next.device).toEqual(device);
    expect(next.fallback).toBeUndefined();
  });

  it('is not training that has a very large loss: what is told of it fits the metrics', async () => {
    const healthy = jobOf(wholeTask, { batch: COUNT, microBatch: COUNT });
    const task = { ...wholeTask, epochs: 3, schedule: constantRate(1e6) };
    expect((await trainer.work({ ...healthy, task })).loss).toBe(1e9);
  });
});
