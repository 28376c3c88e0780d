import * as tf from '@tensorflow/tfjs-core';
import type { CaseGroup, KernelCase } from '../kernel-case.ts';

/**
 * NaN goes through every kernel of a layer, or a run that diverges would go on unseen. Shaders may do with it what they
 * like, so on WebGPU only those kernels are tried that were seen to hide it.
 */

const { NaN: nan } = Number;
/** More than four values, in each place of a vector. */
const row = (): tf.Tensor1D => tf.tensor1d([1, nan, -2, nan, 3, 8, nan, 0.5, nan, -7]);
const image = (channels: number): tf.Tensor4D => {
  const values = Array.from({ length: 16 * channels }, (_, i) => (i % 5 === 3 ? nan : Math.sin(i)));
  return tf.tensor4d(values, [1, 4, 4, channels]);
};

const HIDDEN: Readonly<Record<string, () => tf.Tensor[]>> = {
  clip: () => [tf.clipByValue(row(), 0, 2)],
  'maximum of a number and a row': () => [tf.maximum(1, row()), tf.maximum(row(), 1)],
  'minimum of a number and a row': () => [tf.minimum(1, row()), tf.minimum(row(), 1)],
  'of two rows': () => [tf.maximum(tf.ones([10]), row()), tf.minimum(tf.ones([10]), row())],
  relu: () => [tf.relu(row()), tf.relu(tf.neg(row()))],
  relu6: () => [tf.relu6(row()), tf.minimum(6, tf.relu(row()))],
};

const WINDOWS: Readonly<Record<string, () => tf.Tensor[]>> = {
  'largest of a window': () => [1, 3, 4].map(channels => tf.maxPool(image(channels), 2, 2, 'same')),
  'mean of a window': () => [1, 3, 4].map(channels => tf.avgPool(image(channels), 2, 2, 'same')),
  'largest along axes': () => [tf.max(image(3), [1, 2]), tf.min(image(3), -1)],
};

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const;

const fused: KernelCase[] = ACTIVATIONS.flatMap(activation => [
  {
    name: `product and ${activation}`,
    compute: () => [
      tf.fused.matMul({ a: tf.reshape(row(), [5, 2]), b: tf.ones([2, 3]), activation, leakyreluAlpha: 0.3 }),
    ],
  },
  {
    name: `convolution and ${activation}`,
    compute: () => {
      const settings = { x: image(3), strides: 1, pad: 'same', activation, leakyreluAlpha: 0.3 } as const;
      return [tf.fused.conv2d({ ...settings, filter: tf.ones([1, 1, 3, 2]) as tf.Tensor4D })];
    },
  },
]);

const casesOf = (computations: Readonly<Record<string, () => tf.Tensor[]>>): KernelCase[] =>
  Object.entries(computations).map(([name, compute]) => ({ name, compute }));

export const NOT_FINITE_GROUPS: readonly CaseGroup[] = [
  { name: 'NaN, where it was hidden', kernels: ['ClipByValue', 'Maximum', 'Relu6'], cases: casesOf(HIDDEN) },
  { name: 'NaN in windows', kernels: ['MaxPool', 'AvgPool'], cases: casesOf(WINDOWS), notOn: ['webgpu'] },
  { name: 'NaN in fused kernels', kernels: ['_FusedMatMul'], cases: fused, notOn: ['webgpu'] },
];
