import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { loadExamples } from '../../../client/trainer/examples/examples.ts';
import { addDrift } from '../../../client/trainer/lease/add-drift.ts';
import { WorkPace } from '../../../client/trainer/lease/work-pace.ts';
import { buildModel } from '../../../client/trainer/models/build-model.ts';
import { type Loaded, SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { BuiltModel, KeptTensors, LeaseJob } from '../../../client/trainer/trainer-api.ts';
import { DriftCorrection } from '../../../client/trainer/training/drift-correction.ts';
import { NesterovSgd } from '../../../client/trainer/training/nesterov-sgd.ts';
import { trainSegment } from '../../../client/trainer/training/train-segment.ts';
import { outerOptimizers } from '../../../shared/aggregation/outer-optimizer.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { constantRate, fewGlyphs, leaseJob, wholeTask } from '../../support/local-trainer.ts';

const trainer = createTrainer();

beforeAll(async () => {
  await trainer.start({ backend: 'wasm' });
});

/** A task of one segment, the one weight of `Line`. */
const lineTask = (correction?: number): Task => ({
  ...wholeTask,
  trains: ['line'],
  ...(correction === undefined ? {} : { correction }),
});

/** One weight θ, whose losses are worked out here: a·(θ − c)²/2, with the gradient a·(θ − c). */
class Line {
  private readonly model = tfl.sequential({
    layers: [tfl.layers.dense({ units: 1, useBias: false, inputShape: [1], name: 'line' })],
  });

  get tensor(): string {
    return this.model.trainableWeights[0]?.originalName ?? '';
  }

  get value(): number {
    return this.variable.dataSync()[0] ?? Number.NaN;
  }

  /** So many steps from θ at this rate. @returns the change */
  steps(
    theta: number,
    job: Pick<LeaseJob, 'task' | 'drift'>,
    gradient: (theta: number) => number,
    count = 1,
  ) {
    const { variable } = this;
    tf.tidy(() => variable.assign(tf.fill(variable.shape, theta)));
    const loaded = { line: { model: this.model, variables: [variable], start: [Float32Array.of(theta)] } };
    const optimizer = new NesterovSgd({ momentum: 0, weightDecay: 0 });
    const correction = job.task.correction === undefined ? undefined : new DriftCorrection(job, loaded);
    for (let i = 0; i < count; i++) {
      const gradients = { [variable.name]: tf.fill(variable.shape, gradient(this.value)) };
      optimizer.apply([{ variable, learningRate: RATE }], gradients, correction);
    }
    correction?.dispose();
    optimizer.dispose();
    return this.value - theta;
  }

  dispose(): void {
    this.model.dispose();
  }

  private get variable(): tf.Variable {
    return this.model.trainableWeights[0]?.read() as tf.Variable;
  }
}

const RATE = 0.125;

describe('[PUB8] a step that corrects drift', () => {
  let line: Line;
  beforeEach(() => {
    line = new Line();
  });
  afterEach(() => line.dispose());

  it('is drawn to where the lease began, less what this volunteer moved before', () => {
    const drift = { line: { [line.tensor]: Float32Array.of(2) } };
    const job = { task: lineTask(0.5), drift };
    // The anchor is 1 − 2; the gradient 3 + 0.5 · (1 − −1) = 4, then 3 + 0.5 · (0.5 − −1) = 3.75.
    expect(line.steps(1, job, () => 3)).toBe(-0.5);
    expect(line.steps(1, job, () => 3, 2)).toBe(-0.5 - 0.46875);
  });

  it('begins like any other if this volunteer moved nothing before', () => {
    // Then 3, and 3 + 0.5 · (0.625 − 1).
    expect(line.steps(1, { task: lineTask(0.5) }, () => 3)).toBe(-0.375);
    expect(line.steps(1, { task: lineTask(0.5) }, () => 3, 2)).toBe(-0.375 - 0.3515625);
    expect(line.steps(1, { task: lineTask() }, () => 3, 2)).toBe(-0.75);
  });
});

/** Volunteers of one example each and the losses a·(θ − c)²/2. Together they are least at Σ a·c / Σ a. */
const LOSSES = [
  { a: 1, c: 0 },
  { a: 4, c: 3 },
  { a: 2, c: -1 },
];
const BEST = 10 / 7;

describe('[PUB8] volunteers with losses of their own and many local steps', () => {
  /** Where the weight comes to rest. In round r only those are there whom `isThere` says. */
  function comesTo(correction: number | undefined, isThere: (volunteer: number, round: number) => boolean) {
    const line = new Line();
    const optimizer = outerOptimizers[correction === undefined ? 'sgd' : 'fed-dyn'];
    const drifts: KeptTensors[] = LOSSES.map(() => ({}));
    let theta = 5;
    let { slots } = optimizer.init(1, { rate: 1 });
    for (let round = 0; round < 150; round++) {
      const changes = LOSSES.flatMap(({ a, c }, i) => {
        if (!isThere(i, round)) return [];
        const job = { task: lineTask(correction), drift: drifts[i] ?? {} };
        const values = Float32Array.of(line.steps(theta, job, at => a * (at - c), 60));
        const delta = { segment: 'line', tensor: line.tensor, values, statistic: undefined };
        drifts[i] = addDrift(drifts[i], [delta]);
        return [...values];
      });
      const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
      const participation = { examples: changes.length, allExamples: LOSSES.length };
      const state = { ...optimizer.init(1, { rate: 1, participation }), slots };
      const step = optimizer.apply(Float32Array.of(theta), Float32Array.of(mean), state);
      theta = step.weights[0] ?? Number.NaN;
      slots = step.state.slots;
    }
    line.dispose();
    return theta;
  }

  it('come to the mean of their own best points if they are only averaged', () => {
    expect(comesTo(undefined, () => true)).toBeCloseTo((0 + 3 - 1) / 3, 3);
  });

  it('come to the point that is best for all if drift is corrected', () => {
    expect(comesTo(1, () => true)).toBeCloseTo(BEST, 3);
  });

  it('come to it too if only some are there in each round', () => {
    expect(comesTo(1, (volunteer, round) => (volunteer + round) % 3 > 0)).toBeCloseTo(BEST, 3);
    expect(comesTo(1, (volunteer, round) => volunteer === 0 || round % 2 > 0)).toBeCloseTo(BEST, 3);
  });
});

describe('[PUB8] a lease that corrects drift', () => {
  const COUNT = fewGlyphs.examplesPerPart;
  const models = new SegmentModels();
  let model: BuiltModel;
  let loaded: Loaded;

  beforeAll(async () => {
    model = await buildModel({ name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 });
  });

  /** One batch of all examples, at a constant rate. */
  const jobOf = (correction?: number, more: Partial<LeaseJob> = {}): LeaseJob => {
    const task = { ...wholeTask, schedule: constantRate(0.5) };
    const corrected = correction === undefined ? task : { ...task, correction };
    return {
      ...leaseJob(model, corrected),
      batch: COUNT,
      microBatch: COUNT,
      momentum: 0,
      weightDecay: 0,
      ...more,
    };
  };

  async function endOf(job: LeaseJob): Promise<Map<string, Float32Array>> {
    loaded = await models.loadAll(job.segments);
    const tensors = tf.memory().numTensors;
    await trainSegment(job, loaded, loadExamples(job.examples), new WorkPace(COUNT));
    expect(tf.memory().numTensors).toBe(tensors);
    const ends = new Map<string, Float32Array>();
    for (const id of job.task.trains)
      for (const [i, { name }] of (job.segments[id]?.tensors ?? []).entries())
        ends.set(`${id} ${name}`, (await loaded[id]?.variables[i]?.data()) as Float32Array);
    return ends;
  }

  /** Of every tensor that the lease trains, whatever it is. */
  const everywhere = (value: number): KeptTensors =>
    Object.fromEntries(
      wholeTask.trains.map(id => {
        const tensors = model.outline.segments.find(segment => segment.id === id)?.tensors ?? [];
        return [
          id,
          Object.fromEntries(
            tensors.map(({ name, shape }) => [
              name,
              new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
            ]),
          ),
        ];
      }),
    );

  it.each([COUNT, COUNT / 4])(
    'moves each weight by μ · S more in its first step, in micro-batches of %i',
    async microBatch => {
      const plain = await endOf(jobOf(undefined, { microBatch }));
      const corrected = await endOf(jobOf(0.25, { microBatch, drift: everywhere(0.5) }));
      // 0.5 · 0.25 · 0.5, by hand.
      for (const [tensor, values] of plain)
        for (const [i, value] of values.entries())
          expect((corrected.get(tensor)?.[i] ?? Number.NaN) - value, tensor).toBeCloseTo(-0.0625, 5);
    },
  );

  it('tells the drift with its own change in it, and none if it corrects none', async () => {
    const job = jobOf(0.25);
    const first = await trainer.work(job);
    const { drift } = await trainer.work({ ...job, drift: everywhere(0.5) });
    expect(Object.keys(drift ?? {})).toEqual(wholeTask.trains);
    const ends = await endOf({ ...job, drift: everywhere(0.5) });
    for (const [i, id] of wholeTask.trains.entries())
      for (const [at, { name }] of (job.segments[id]?.tensors ?? []).entries()) {
        const start = loaded[id]?.start[at] ?? new Float32Array();
        const end = ends.get(`${wholeTask.trains[i]} ${name}`) ?? new Float32Array();
        expect(drift?.[id]?.[name]).toEqual(
          start.map((value, k) => Math.fround((end[k] as number) - value) + 0.5),
        );
        expect(first.drift?.[id]?.[name]?.length).toBe(start.length);
      }
    expect(await trainer.work(jobOf())).not.toHaveProperty('drift');
  });

  it('does not train on what was kept of other tensors', async () => {
    const [id = ''] = wholeTask.trains;
    const name = model.outline.segments[0]?.tensors[0]?.name ?? '';
    const drift = { [id]: { [name]: new Float32Array(1) } };
    await expect(trainer.work(jobOf(0.25, { drift }))).rejects.toThrow();
  });
});

describe('the drift after an update', () => {
  it('is the sum of all changes, of segments that this lease trains, without statistics', () => {
    const delta = (tensor: string, values: number[], statistic?: 'mean') => ({
      segment: 'a',
      tensor,
      values: Float32Array.from(values),
      statistic,
    });
    const before = { a: { kernel: Float32Array.of(1, 2) }, b: { kernel: Float32Array.of(9) } };
    expect(
      addDrift(before, [delta('kernel', [0.5, -3]), delta('bias', [4]), delta('mean', [7], 'mean')]),
    ).toEqual({
      a: { kernel: Float32Array.of(1.5, -1), bias: Float32Array.of(4) },
    });
    expect(() => addDrift(before, [delta('kernel', [1])])).toThrow('has 2 values');
  });
});
