import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of the core ops, which tfjs-core alone leaves out.
import '@tensorflow/tfjs-layers';
import { batchNormTraining } from '../ops/batch-norm.ts';
import { groupNorm } from '../ops/group-norm.ts';
import { groupedConv2d } from '../ops/grouped-conv2d.ts';
import { nesterovUpdate } from '../ops/nesterov-update.ts';
import { compileAhead } from './compile-ahead.ts';
import { KNOWN_PARTS, KNOWN_RESULTS } from './known-values.ts';
import { isSoftwareGpu } from './start-webgpu.ts';

/**
 * A fixed tiny network with a layer of every kind, what is in it, its loss and its gradients. Every value of them is
 * compared with what the plain kernels of the CPU backend compute. A driver or an engine that computes wrongly is found
 * before a lease is spent on it. All values are read back at once. Those of the CPU backend are kept in a file, because
 * its plain kernels would take longer than all the rest of a start.
 */
type Answers = ReadonlyMap<string, ArrayLike<number>>;

/** Above rounding, and far below the effect of a wrong index or a missing term. */
const TOLERANCE = { ofValue: 1e-3, ofLargest: 2e-4 };

interface Weights {
  readonly image: tf.Tensor4D;
  readonly conv: tf.Tensor4D;
  readonly grouped: tf.Tensor4D;
  readonly depthwise: tf.Tensor4D;
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
    depthwise: tf.tensor4d(values(3 * 2 * 8, 0.83, 0.4), [3, 2, 8, 1]),
    gamma: tf.tensor1d(values(8, 0.31, 1)),
    beta: tf.tensor1d(values(8, 0.53, 0.5)),
    scale: tf.tensor1d(values(8, 0.41, 1)),
    dense: tf.tensor2d(values(8 * 5, 0.61, 1), [8, 5]),
    bias: tf.tensor1d(values(5, 0.91, 1)),
  };
}

/** The pictures after their first layers: convolved, normalised and pooled. */
function pooledOf({ image, conv, gamma, beta }: Weights): tf.Tensor4D {
  const norm = groupNorm(tf.conv2d(image, conv, 1, 'same'), gamma, beta, { groups: 4, epsilon: 1e-3 });
  return tf.maxPool(tf.relu(norm) as tf.Tensor4D, 2, 2, 'same');
}

/** Strides as long as the filter down and longer across: tfjs's own WebAssembly kernel computes nothing then. */
const thinnedOf = (pooled: tf.Tensor4D, { depthwise }: Weights): tf.Tensor4D =>
  tf.depthwiseConv2d(pooled, depthwise, [3, 3], 'same');

function lossOf(weights: Weights): tf.Scalar {
  const { grouped, beta, scale, dense, bias } = weights;
  const pooled = pooledOf(weights);
  const second = groupedConv2d(pooled, grouped, { groups: 2, strides: [1, 1], pad: 'same' });
  const { y } = batchNormTraining(second, scale, beta, { epsilon: 1e-3 });
  const means = tf.mean(tf.avgPool(tf.relu(y) as tf.Tensor4D, 2, 2, 'valid'), [1, 2]);
  const joined = tf.add(means, tf.mean(thinnedOf(pooled, weights), [1, 2]));
  const logits = tf.add(tf.matMul(joined as tf.Tensor2D, dense), bias);
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
  const { weight, velocity } = update;
  const pooled = pooledOf(weights);
  return { loss: value, pooled, thinned: thinnedOf(pooled, weights), ...gradients, weight, velocity };
}

/** The answers as the backend in use computes them. */
export async function computeAnswers(): Promise<Answers> {
  const made = tf.tidy(() => {
    const byName = results();
    const sizes = Object.entries(byName).map(([name, { size }]) => ({ name, size }));
    return { sizes, all: tf.concat(Object.values(byName).map(tensor => tf.reshape(tensor, [-1]))) };
  });
  const all = Float32Array.from(await made.all.data());
  made.all.dispose();
  let place = 0;
  return new Map(
    made.sizes.map(({ name, size }): [string, Float32Array] => {
      place += size;
      return [name, all.subarray(place - size, place)];
    }),
  );
}

/** The most that a 16-bit number holds: the kept values are such parts of the largest one. */
const PARTS = 32_767;

/** As the CPU backend computes them, to a part in 65,000 of each result's largest value. */
export function knownAnswers(): Answers {
  const bytes = Uint8Array.from(atob(KNOWN_PARTS), character => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  let place = 0;
  return new Map(
    KNOWN_RESULTS.map(([name, size, largest]) => {
      const values = Array.from({ length: size }, (_, i) => view.getInt16(2 * (place + i), true));
      place += size;
      return [name, values.map(part => (part / PARTS) * largest)];
    }),
  );
}

const largestOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

export function isClose(answer: ArrayLike<number> | undefined, known: ArrayLike<number>): boolean {
  const largest = largestOf(known);
  const allowed = (value: number): number =>
    TOLERANCE.ofValue * Math.abs(value) + TOLERANCE.ofLargest * largest;
  return Array.from(known).every(
    (value, i) => Math.abs((answer?.[i] ?? Number.NaN) - value) <= allowed(value),
  );
}

/** What the backend in use gets wrong, in words for people; null if every value is right. */
export async function wrongAnswer(): Promise<string | null> {
  // Several shaders at once. On the processor they would only take turns, beside a loop that waits for them.
  if (!isSoftwareGpu()) await compileAhead(results);
  const answers = await computeAnswers();
  const wrong = [...knownAnswers()].filter(([name, values]) => !isClose(answers.get(name), values));
  return wrong.length > 0 ? `it computes ${wrong.map(([name]) => name).join(', ')} wrongly` : null;
}
