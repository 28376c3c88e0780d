import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of the core ops, which tfjs-core alone leaves out.
import '@tensorflow/tfjs-layers';
import { batchNormTraining } from '../ops/batch-norm.ts';
import { groupNorm } from '../ops/group-norm.ts';
import { groupedConv2d } from '../ops/grouped-conv2d.ts';
import { nesterovUpdate } from '../ops/nesterov-update.ts';
import { compileAhead } from './compile-ahead.ts';
import { isSoftwareGpu } from './start-webgpu.ts';

/**
 * A fixed tiny network with a layer of every kind, its loss and its gradients, as the plain kernels of the CPU
 * backend compute them. A driver or an engine that computes wrongly is found before a lease is spent on it. Every
 * result is reduced to one number, its sum weighted by place, and all are read back at once.
 */
export const KNOWN_ANSWERS: Readonly<Record<string, number>> = {
  loss: 3.52071,
  image: 0.0504968,
  conv: -0.010174,
  grouped: 0.211734,
  gamma: -0.0235879,
  beta: 0.00633092,
  scale: -0.0503911,
  dense: -0.199334,
  bias: 0.531383,
  weight: -1.18901,
  velocity: -1.41672,
};

/** Above rounding, and far below the effect of a wrong index or a missing term. */
const isClose = (answer: number, known: number): boolean =>
  Math.abs(answer - known) <= 1e-3 * Math.abs(known) + 3e-5;

interface Weights {
  readonly image: tf.Tensor4D;
  readonly conv: tf.Tensor4D;
  readonly grouped: tf.Tensor4D;
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
  readonly scale: tf.Tensor1D;
  readonly dense: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

/** The same in every engine to the last bits: no random numbers, and no two equal values. */
function values(count: number, step: number, size: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => size * Math.sin(step * (i + 1)));
}

function makeWeights(): Weights {
  return {
    image: tf.tensor4d(values(2 * 8 * 8 * 3, 0.37, 1), [2, 8, 8, 3]),
    conv: tf.tensor4d(values(3 * 3 * 3 * 8, 0.73, 0.4), [3, 3, 3, 8]),
    grouped: tf.tensor4d(values(3 * 3 * 4 * 8, 1.17, 0.4), [3, 3, 4, 8]),
    gamma: tf.tensor1d(values(8, 0.31, 1)),
    beta: tf.tensor1d(values(8, 0.53, 0.5)),
    scale: tf.tensor1d(values(8, 0.41, 1)),
    dense: tf.tensor2d(values(8 * 5, 0.61, 1), [8, 5]),
    bias: tf.tensor1d(values(5, 0.91, 1)),
  };
}

function lossOf({ image, conv, grouped, gamma, beta, scale, dense, bias }: Weights): tf.Scalar {
  const first = tf.relu(
    groupNorm(tf.conv2d(image, conv, 1, 'same'), gamma, beta, { groups: 4, epsilon: 1e-3 }),
  );
  const pooled = tf.maxPool(first as tf.Tensor4D, 2, 2, 'same');
  const second = groupedConv2d(pooled, grouped, { groups: 2, strides: [1, 1], pad: 'same' });
  const { y } = batchNormTraining(second, scale, beta, { epsilon: 1e-3 });
  const means = tf.mean(tf.avgPool(tf.relu(y) as tf.Tensor4D, 2, 2, 'valid'), [1, 2]);
  const logits = tf.add(tf.matMul(means as tf.Tensor2D, dense), bias);
  const labels = tf.oneHot(tf.tensor1d([1, 3], 'int32'), 5);
  return tf.losses.softmaxCrossEntropy(labels, logits);
}

/** Results by name. Makes tensors: call within `tidy`. */
function results(): Record<string, tf.Tensor> {
  const weights = makeWeights();
  const names = Object.keys(weights);
  const { value, grads } = tf.valueAndGrads((...inputs: tf.Tensor[]) =>
    lossOf(Object.fromEntries(names.map((name, i) => [name, inputs[i]])) as unknown as Weights),
  )(Object.values(weights));
  const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i] as tf.Tensor]));
  const update = nesterovUpdate(weights.dense, weights.dense, gradients.dense as tf.Tensor, {
    learningRate: 0.1,
    momentum: 0.9,
    weightDecay: 1e-2,
  });
  return { loss: value, ...gradients, weight: update.weight, velocity: update.velocity };
}

/** The known answers as the backend in use computes them. */
export async function computeAnswers(): Promise<Record<string, number>> {
  const made = tf.tidy(() => {
    const byName = results();
    const sizes = Object.entries(byName).map(([name, { size }]) => ({ name, size }));
    return { sizes, all: tf.concat(Object.values(byName).map(tensor => tf.reshape(tensor, [-1]))) };
  });
  const all = await made.all.data();
  made.all.dispose();
  const answers: Record<string, number> = {};
  let place = 0;
  for (const { name, size } of made.sizes) {
    answers[name] = weightedSum(all.subarray(place, place + size));
    place += size;
  }
  return answers;
}

/** Weighted by place, or values that changed places would not show. */
const weightedSum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value, i) => sum + value * (1 + Math.cos(i)), 0);

/** What the backend in use gets wrong, in words for people; null if every answer is right. */
export async function wrongAnswer(): Promise<string | null> {
  // Several shaders at once. On the processor they would only take turns, beside a loop that waits for them.
  if (!isSoftwareGpu()) await compileAhead(results);
  const answers = await computeAnswers();
  const wrong = Object.entries(KNOWN_ANSWERS).filter(
    ([name, known]) => !isClose(answers[name] ?? Number.NaN, known),
  );
  return wrong.length > 0 ? `it computes ${wrong.map(([name]) => name).join(', ')} wrongly` : null;
}
