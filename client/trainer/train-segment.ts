import * as tf from '@tensorflow/tfjs-core';
import type { Examples } from '../../shared/datasets/examples.ts';
import { createRandom, shuffled } from '../../shared/math/random.ts';
import type { Task } from '../../shared/protocol/lease.ts';
import { featureSource, type InputSource, oneHot, pixelSource, splitFeatures } from './examples.ts';
import { stopGradient, taskLoss } from './losses.ts';
import { NesterovSgd } from './nesterov-sgd.ts';
import { type LoadedSegment, runChain } from './segment-models.ts';
import type { LeaseJob } from './trainer-api.ts';
import type { WorkPace } from './work-pace.ts';

/** The segments of a task, loaded. */
export type Loaded = Readonly<Record<string, LoadedSegment>>;

/** Forward passes of frozen segments need no gradient, so a larger batch than the training's pays. */
const FEATURE_BATCH = 128;

/**
 * Trains the task's segments on the examples: the frozen ones run once and their output is kept, then `epochs` passes in
 * shuffled batches. The segments' variables hold the result.
 * @returns mean loss of the last epoch, and examples seen
 */
export async function trainSegment(
  job: LeaseJob,
  loaded: Loaded,
  examples: Examples,
  pace: WorkPace,
): Promise<{ loss: number; samples: number }> {
  const { task } = job;
  const source = await inputSource(task, loaded, examples, pace);
  const optimizer = new NesterovSgd({ ...job, learningRate: task.learningRate });
  try {
    let loss = 0;
    for (let epoch = 0; epoch < task.epochs; epoch++)
      loss = await trainEpoch(job, loaded, source, examples.labels, epoch, optimizer, pace);
    return { loss, samples: source.count * task.epochs };
  } finally {
    optimizer.dispose();
  }
}

async function inputSource(
  task: Task,
  loaded: Loaded,
  examples: Examples,
  pace: WorkPace,
): Promise<InputSource> {
  const pixels = pixelSource(examples);
  if (task.frozen.length === 0) return pixels;
  const chain = pick(loaded, task.frozen);
  const features: Uint16Array[] = [];
  let shape: number[] = [];
  for (const indices of batches(range(pixels.count), FEATURE_BATCH)) {
    const output = forward(chain, pixels, indices);
    shape = output.shape.slice(1);
    features.push(...splitFeatures((await output.data()) as Float32Array, indices.length));
    output.dispose();
    await pace.step(0);
  }
  return featureSource(features, shape);
}

const forward = (chain: readonly LoadedSegment[], source: InputSource, indices: Uint32Array): tf.Tensor =>
  tf.tidy(() => runChain(chain, source.batch(indices)));

async function trainEpoch(
  job: LeaseJob,
  loaded: Loaded,
  source: InputSource,
  labels: Uint8Array,
  epoch: number,
  optimizer: NesterovSgd,
  pace: WorkPace,
): Promise<number> {
  const order = Uint32Array.from(
    shuffled(createRandom('order', job.seed, job.lease, epoch), [...range(source.count)]),
  );
  // The sum stays on the device: reading every loss back would stall a GPU at each step.
  const total = tf.tidy(() => tf.variable(tf.scalar(0), false));
  const meanOver = async (count: number): Promise<number> => ((await total.data())[0] ?? Number.NaN) / count;
  let seen = 0;
  try {
    for (const indices of batches(order, job.batch)) {
      tf.tidy(() => {
        const loss = trainBatch(
          job,
          loaded,
          source.batch(indices),
          oneHot(labels, indices, job.classes),
          optimizer,
        );
        total.assign(tf.add(total, tf.mul(loss, indices.length)));
      });
      seen += indices.length;
      await pace.step(indices.length, () => meanOver(seen));
    }
    return await meanOver(seen);
  } finally {
    total.dispose();
  }
}

/** One step of forward, backward and update; the loss. */
function trainBatch(
  { task }: LeaseJob,
  loaded: Loaded,
  input: tf.Tensor,
  labels: tf.Tensor,
  optimizer: NesterovSgd,
): tf.Scalar {
  const variables = trainableVariables(task, loaded);
  const { value, grads } = tf.variableGrads(() => batchLoss(task, loaded, input, labels), variables);
  optimizer.apply(variables, grads);
  return value;
}

const trainableVariables = (task: Task, loaded: Loaded): tf.Variable[] =>
  pick(loaded, task.trains).flatMap(({ model }) =>
    model.trainableWeights.map(weight => weight.read() as tf.Variable),
  );

/**
 * The trained chain's output is the features at the boundary; the loss's logits are the head's on them, or they
 * themselves. The rival answers from the same boundary for a student, from the cached input for a teacher.
 */
function batchLoss(task: Task, loaded: Loaded, input: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const body = task.trains.filter(id => id !== task.head);
  const output = runChain(pick(loaded, body), input, true);
  const logits = task.head ? runChain(pick(loaded, [task.head]), output, true) : output;
  const boundary = task.head ? output : input;
  const rival = task.distil
    ? stopGradient(runChain(pick(loaded, task.distil.through), stopGradient(boundary)))
    : null;
  return taskLoss(task, logits, labels, rival);
}

export const pick = (loaded: Loaded, ids: readonly string[]): LoadedSegment[] =>
  ids.map(id => {
    const segment = loaded[id];
    if (!segment) throw new Error(`the lease lacks segment ${id}`);
    return segment;
  });

export const range = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

export function* batches(indices: Uint32Array, size: number): Iterable<Uint32Array> {
  for (let start = 0; start < indices.length; start += size) yield indices.subarray(start, start + size);
}
