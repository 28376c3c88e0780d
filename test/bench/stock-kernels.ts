import * as tf from '@tensorflow/tfjs-core';
import {
  BatchNormTraining,
  type BatchNormTrainingAttrs,
  BatchNormTrainingGrad,
  type BatchNormTrainingGradInputs,
  type BatchNormTrainingInputs,
} from '../../client/trainer/ops/batch-norm.ts';
import {
  GroupNorm,
  type GroupNormAttrs,
  GroupNormGrad,
  type GroupNormGradAttrs,
  type GroupNormGradInputs,
  type GroupNormInputs,
} from '../../client/trainer/ops/group-norm.ts';
import {
  GroupedConv2D,
  type GroupedConv2DAttrs,
  GroupedConv2DBackpropFilter,
  type GroupedConv2DBackpropFilterAttrs,
  type GroupedConv2DBackpropFilterInputs,
  GroupedConv2DBackpropInput,
  type GroupedConv2DBackpropInputAttrs,
  type GroupedConv2DBackpropInputInputs,
  type GroupedConv2DInputs,
} from '../../client/trainer/ops/grouped-conv2d.ts';
import {
  NesterovUpdate,
  type NesterovUpdateAttrs,
  type NesterovUpdateInputs,
} from '../../client/trainer/ops/nesterov-update.ts';

/**
 * Our own ops composed of stock tfjs kernels, with which ours are compared. Gradients of norms are in closed form,
 * with fewer kernels than the tape of a composed forward pass would run.
 */
export const stockKernels = (backend: string): tf.KernelConfig[] =>
  COMPOSITIONS.map(([kernelName, compose]) => ({
    kernelName,
    backendName: backend,
    // The engine gives its tensors to kernels, and takes tensors back.
    kernelFunc: ({ inputs, attrs }) => tf.tidy(() => compose(inputs as never, attrs as never)),
  }));

type Composition = (inputs: never, attrs: never) => tf.Tensor | tf.Tensor[];

/** A convolution for each group, on slices. */
function groupedConv2d(
  { x, filter }: GroupedConv2DInputs<tf.Tensor4D>,
  { groups, strides, pad }: GroupedConv2DAttrs,
): tf.Tensor {
  const filters = tf.split<tf.Tensor4D>(filter, groups, 3);
  return tf.concat(
    tf.split<tf.Tensor4D>(x, groups, 3).map((slice, g) => tf.conv2d(slice, at(filters, g), strides, pad)),
    3,
  );
}

function groupedBackpropInput(
  { dy, filter }: GroupedConv2DBackpropInputInputs<tf.Tensor4D>,
  { groups, strides, pad, inputShape }: GroupedConv2DBackpropInputAttrs,
): tf.Tensor {
  const filters = tf.split<tf.Tensor4D>(filter, groups, 3);
  const [n = 0, h = 0, w = 0, channels = 0] = inputShape;
  return tf.concat(
    tf
      .split<tf.Tensor4D>(dy, groups, 3)
      .map((slice, g) =>
        tf.conv2dTranspose(slice, at(filters, g), [n, h, w, channels / groups], strides, pad),
      ),
    3,
  );
}

function groupedBackpropFilter(
  { x, dy }: GroupedConv2DBackpropFilterInputs<tf.Tensor4D>,
  { groups, strides, pad, filterShape }: GroupedConv2DBackpropFilterAttrs,
): tf.Tensor {
  const dys = tf.split(dy, groups, 3);
  const [kh = 0, kw = 0, depth = 0, channels = 0] = filterShape;
  const attrs = { strides, pad, dataFormat: 'NHWC', filterShape: [kh, kw, depth, channels / groups] };
  const gradients = tf
    .split(x, groups, 3)
    .map(
      (slice, g): tf.Tensor =>
        tf.engine().runKernel(tf.Conv2DBackpropFilter, { x: slice, dy: at(dys, g) }, attrs),
    );
  return tf.concat(gradients, 3);
}

/**
 * Values to be normalised as [sets, places, groups, channels of a group]; each set and group has a mean and a
 * deviation.
 */
type NormShape = [number, number, number, number];
const OVER = [1, 3];

function groupShape({ shape }: tf.Tensor, groups: number): NormShape {
  const [n = 1] = shape;
  const channels = shape.at(-1) ?? 1;
  return [n, elements(shape) / n / channels, groups, channels / groups];
}

/** Batch norm is group norm with one set, and a group for each channel. */
const batchShape = ({ shape }: tf.Tensor): NormShape => {
  const channels = shape.at(-1) ?? 1;
  return [1, elements(shape) / channels, channels, 1];
};

function normalise(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, shape: NormShape, epsilon: number) {
  const { mean, variance } = tf.moments(tf.reshape(x, shape), OVER, true);
  const inverseDeviation = tf.rsqrt(tf.add(variance, epsilon));
  const normal = tf.reshape(tf.mul(tf.sub(tf.reshape(x, shape), mean), inverseDeviation), x.shape);
  return { y: tf.add(tf.mul(normal, gamma), beta), mean, variance, inverseDeviation };
}

/** dx = d·(g − mean(g) − x̂·mean(g·x̂)) with g = dy·γ, d the inverse deviation; dγ = Σ dy·x̂, dβ = Σ dy by channel. */
function backprop(
  { x, dy, gamma, mean }: { x: tf.Tensor; dy: tf.Tensor; gamma: tf.Tensor; mean: tf.Tensor },
  shape: NormShape,
  inverse: tf.Tensor,
): tf.Tensor[] {
  const perSet = [shape[0], 1, shape[2], 1];
  const deviation = tf.reshape(inverse, perSet);
  const normal = tf.mul(tf.sub(tf.reshape(x, shape), tf.reshape(mean, perSet)), deviation);
  const g = tf.reshape(tf.mul(dy, gamma), shape);
  const along = tf.mul(normal, tf.mean(tf.mul(g, normal), OVER, true));
  const dx = tf.mul(tf.sub(tf.sub(g, tf.mean(g, OVER, true)), along), deviation);
  const rows = [-1, gamma.size];
  return [
    tf.reshape(dx, x.shape),
    tf.sum(tf.reshape(tf.mul(dy, tf.reshape(normal, x.shape)), rows), 0),
    tf.sum(tf.reshape(dy, rows), 0),
  ];
}

function groupNorm({ x, gamma, beta }: GroupNormInputs<tf.Tensor>, { groups, epsilon }: GroupNormAttrs) {
  const { y, mean, inverseDeviation } = normalise(x, gamma, beta, groupShape(x, groups), epsilon);
  const perGroup = [x.shape[0] ?? 1, groups];
  return [y, tf.reshape(mean, perGroup), tf.reshape(inverseDeviation, perGroup)];
}

const groupNormGrad = (inputs: GroupNormGradInputs<tf.Tensor>, { groups }: GroupNormGradAttrs) =>
  backprop(inputs, groupShape(inputs.x, groups), inputs.inverseDeviation);

function batchNorm(
  { x, gamma, beta }: BatchNormTrainingInputs<tf.Tensor>,
  { epsilon }: BatchNormTrainingAttrs,
) {
  const { y, mean, variance } = normalise(x, gamma, beta, batchShape(x), epsilon);
  return [y, tf.reshape(mean, [gamma.size]), tf.reshape(variance, [gamma.size])];
}

const batchNormGrad = (inputs: BatchNormTrainingGradInputs<tf.Tensor>, { epsilon }: BatchNormTrainingAttrs) =>
  backprop(inputs, batchShape(inputs.x), tf.rsqrt(tf.add(inputs.variance, epsilon)));

function nesterovUpdate(
  { weight, velocity, gradient }: NesterovUpdateInputs<tf.Tensor>,
  { learningRate, momentum, weightDecay }: NesterovUpdateAttrs,
) {
  const decayed = tf.add(gradient, tf.mul(weight, weightDecay));
  const newVelocity = tf.add(tf.mul(velocity, momentum), decayed);
  const step = tf.add(decayed, tf.mul(newVelocity, momentum));
  return [tf.sub(weight, tf.mul(step, learningRate)), newVelocity];
}

const COMPOSITIONS: readonly (readonly [string, Composition])[] = [
  [GroupedConv2D, groupedConv2d],
  [GroupedConv2DBackpropInput, groupedBackpropInput],
  [GroupedConv2DBackpropFilter, groupedBackpropFilter],
  [GroupNorm, groupNorm],
  [GroupNormGrad, groupNormGrad],
  [BatchNormTraining, batchNorm],
  [BatchNormTrainingGrad, batchNormGrad],
  [NesterovUpdate, nesterovUpdate],
];

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`there is no group ${index}`);
  return item;
}

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
