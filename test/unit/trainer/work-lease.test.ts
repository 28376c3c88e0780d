import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BuiltModel, LeaseResult, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { decodeUpdate, openEnvelope } from '../../../shared/codec/envelope.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import {
  type Distil,
  evaluationMetricsSchema,
  type Task,
  trainingMetricsSchema,
} from '../../../shared/protocol/lease.ts';
import { propertyRuns } from '../../support/extent.ts';
import {
  evaluatorTask,
  exit,
  fewGlyphs,
  leaseJob,
  startLocalTrainer,
  studentTask,
  teacherTask,
  wholeTask,
} from '../../support/local-trainer.ts';

let trainer: TrainerApi;
let model: BuiltModel;

beforeAll(async () => {
  ({ trainer, model } = await startLocalTrainer());
});

function openUpdate(result: LeaseResult, task: Task) {
  const envelope = openEnvelope(result.envelope);
  if (!envelope.ok) throw new Error(envelope.reason);
  const values = decodeUpdate(envelope.value, {
    codec: { name: 'f32' },
    tensors: expectedTensors(model.outline, task.trains),
  });
  if (!values.ok) throw new Error(`${values.reason} ${values.detail}`);
  return { values: values.value, metrics: envelope.value.metrics };
}

const isMoved = (values: readonly Float32Array[]): boolean =>
  values.every(tensor => tensor.some(value => value !== 0));

const differences = (a: Float32Array, b: Float32Array | undefined): number[] =>
  [...a].map((value, i) => Math.abs(value - (b?.[i] ?? Number.NaN)));

const distilledFrom = (after: string, ...through: string[]): Distil => ({
  distilFrom: { after, through },
  weight: 0.5,
  temperature: 2,
  gated: true,
});

const studentExit = exit('segment-1', 'head-1');
const bothExits = [studentExit, { ...exit('segment-2'), distils: [distilledFrom('segment-1', 'head-1')] }];
const joint = { ...wholeTask, exits: bothExits, trains: ['segment-1', 'segment-2', 'head-1'] };

const summed = { ...exit('segment-2'), plus: [{ after: 'segment-1', through: ['head-1'] }] };

const everyForm: readonly Task[] = [
  studentTask,
  { ...studentTask, exits: [{ ...studentExit, distils: [distilledFrom('segment-1', 'segment-2')] }] },
  { ...teacherTask, epochs: 2, views: 2 },
  { ...teacherTask, exits: bothExits.slice(1) },
  wholeTask,
  joint,
  { ...joint, isolated: true },
  { ...joint, exits: [studentExit, summed] },
  { ...teacherTask, exits: [{ ...summed, distils: [distilledFrom('segment-1', 'head-1')] }] },
  { ...wholeTask, trains: ['segment-1'] },
  evaluatorTask,
  { ...evaluatorTask, exits: [summed] },
];

describe('a lease', () => {
  it.each([studentTask, teacherTask, wholeTask])(
    'as $role carries the deltas of what it trains, all moved',
    async task => {
      const result = await trainer.work(leaseJob(model, task));
      const { values, metrics } = openUpdate(result, task);
      expect(isMoved(values)).toBe(true);
      expect(trainingMetricsSchema.parse(metrics)).toMatchObject({ samples: 96, backend: 'wasm' });
    },
  );

  it('gives the same update for the same job', async () => {
    const [first, second] = [
      await trainer.work(leaseJob(model, teacherTask)),
      await trainer.work(leaseJob(model, teacherTask)),
    ];
    expect(openUpdate(first, teacherTask).values).toEqual(openUpdate(second, teacherTask).values);
  });

  it.each([studentTask, teacherTask, wholeTask])(
    'as $role learns: the loss falls over the epochs',
    async task => {
      const loss = async (epochs: number): Promise<number> =>
        (await trainer.work(leaseJob(model, { ...task, epochs }))).loss;
      expect(await loss(12)).toBeLessThan(0.8 * (await loss(1)));
    },
  );

  it('gives the same update if its batches are done in micro-batches', async () => {
    const job = leaseJob(model, wholeTask);
    const whole = openUpdate(await trainer.work(job), wholeTask).values;
    const inParts = openUpdate(await trainer.work({ ...job, microBatch: 5 }), wholeTask).values;
    const worst = Math.max(...whole.flatMap((tensor, i) => differences(tensor, inParts[i])));
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(1e-5);
  });

  it('as evaluator counts what is right and carries no tensor', async () => {
    const result = await trainer.work(leaseJob(model, evaluatorTask));
    const { values, metrics } = openUpdate(result, evaluatorTask);
    const { examples, correct, lossSum } = evaluationMetricsSchema.parse(metrics);
    expect(values).toEqual([]);
    expect(examples).toBe(fewGlyphs.examplesPerPart);
    expect(correct / examples).toBeCloseTo(result.accuracy ?? Number.NaN);
    // An untrained network of ten classes: about a tenth right, a loss of about ln 10.
    expect(correct).toBeLessThan(40);
    expect(lossSum / examples).toBeGreaterThan(1.5);
  });

  it('distils from the other exit if the plan asks for it, and its update differs then', async () => {
    const distils = [distilledFrom('segment-1', 'head-1')];
    const plain = openUpdate(await trainer.work(leaseJob(model, teacherTask)), teacherTask);
    const distilled = openUpdate(
      await trainer.work(leaseJob(model, { ...teacherTask, exits: [{ ...exit('segment-2'), distils }] })),
      teacherTask,
    );
    expect(distilled.values).not.toEqual(plain.values);
    expect(isMoved(distilled.values)).toBe(true);
  });

  it('lets no gradient of a student’s distillation reach the teacher', async () => {
    const distils = [distilledFrom('segment-1', 'segment-2')];
    const exits = [{ ...exit('segment-1', 'head-1'), labelWeight: 0.5, distils }];
    const task = { ...studentTask, exits };
    expect(isMoved(openUpdate(await trainer.work(leaseJob(model, task)), task).values)).toBe(true);
  });

  it('evaluates a version on the pictures as they are, whatever the run trains on', async () => {
    const job = leaseJob(model, evaluatorTask);
    const { loss } = await trainer.work({ ...job, augment: 'flip-and-crop' });
    expect(loss).toBe((await trainer.work(job)).loss);
  });

  it('leaves no tensor behind, over many leases of every form', async () => {
    const tiny = await trainer.build({ name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 });
    const dataset = { ...fewGlyphs, examplesPerPart: 8 };
    const lease = (i: number) => {
      const job = leaseJob(tiny, everyForm[i % everyForm.length] as Task);
      const examples = { ...job.examples, dataset };
      return trainer.work({ ...job, examples, batch: 4, microBatch: 3, augment: 'flip-and-crop' });
    };
    for (const i of everyForm.keys()) await lease(i);
    const before = tf.memory().numTensors;
    for (let i = 0; i < propertyRuns(60); i++) await lease(i);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends soon after a cancel, says so, leaves no tensor, and the next one works', async () => {
    await trainer.work(leaseJob(model, wholeTask));
    const before = tf.memory().numTensors;
    const work = trainer.work(leaseJob(model, { ...wholeTask, epochs: 50 }), () => trainer.cancel());
    await expect(work).rejects.toThrow('cancelled');
    expect(tf.memory().numTensors).toBe(before);
    expect((await trainer.work(leaseJob(model, studentTask))).samples).toBe(96);
  });

  it('refuses shards that are not the segment’s', async () => {
    const job = leaseJob(model, studentTask);
    const files = job.segments['segment-1'];
    if (!files) throw new Error('no segment-1');
    const cut = { ...files, shards: files.shards.map(shard => shard.subarray(0, shard.length - 4)) };
    await expect(trainer.work({ ...job, segments: { ...job.segments, 'segment-1': cut } })).rejects.toThrow(
      'do not hold',
    );
  });
});
