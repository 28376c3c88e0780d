import * as tf from '@tensorflow/tfjs-core';
import { type CaseGroup, noise, type Pad, type Pair, runKernel, type Shape4D } from '../kernel-case.ts';

const IMAGES: readonly Shape4D[] = [
  [1, 7, 9, 1],
  [3, 8, 6, 3],
  [2, 5, 5, 16],
];
const WINDOWS: readonly Pair[] = [
  [1, 1],
  [2, 2],
  [3, 3],
  [5, 5],
  [2, 3],
];
const STRIDES: readonly Pair[] = [
  [1, 1],
  [2, 2],
  [3, 3],
  [1, 2],
];

type Pool = (x: tf.Tensor, window: Pair, strides: Pair, pad: Pad) => tf.Tensor[];

/**
 * The padding is smaller than the window: otherwise some windows would lie only on padding. It is never in numbers
 * if heights and widths differ: tfjs then gets the output's width wrong, and the forward passes already disagree.
 */
function padsOf(window: Pair, strides: Pair): Pad[] {
  const isSquare = window[0] === window[1] && strides[0] === strides[1];
  return isSquare && window[0] > 1 ? ['same', 'valid', 1] : ['same', 'valid'];
}

const maxPool: Pool = (x, filterSize, strides, pad) => {
  const output = tf.maxPool(x as tf.Tensor4D, filterSize, strides, pad);
  const dy = noise(output.shape, 7);
  return [output, runKernel('MaxPoolGrad', { dy, input: x, output }, { filterSize, strides, pad })];
};

const avgPool: Pool = (x, filterSize, strides, pad) => {
  const output = tf.avgPool(x as tf.Tensor4D, filterSize, strides, pad);
  const dy = noise(output.shape, 8);
  return [output, runKernel('AvgPoolGrad', { dy, input: x }, { filterSize, strides, pad })];
};

/** Whole numbers and relu-like zeros: nearly every window has its maximum more than once. */
const tied = (shape: Shape4D): tf.Tensor => tf.relu(tf.round(noise(shape, 2)));

const group = (
  name: string,
  kernels: readonly string[],
  pool: Pool,
  make: (shape: Shape4D) => tf.Tensor,
): CaseGroup[] =>
  WINDOWS.map(window => ({
    name: `${name} with a ${window.join(' x ')} window`,
    kernels,
    cases: STRIDES.flatMap(strides =>
      padsOf(window, strides).flatMap(pad =>
        IMAGES.map(image => ({
          name: `image ${image}, strides ${strides}, pad ${pad}`,
          compute: () => pool(make(image), window, strides, pad),
        })),
      ),
    ),
  }));

/** Mean over the whole image, forward and backward, as the models' last layer before the dense one. */
function globalAveragePool(shape: Shape4D): tf.Tensor[] {
  const weights = noise([shape[0], shape[3]], 2);
  const { value, grad } = tf.valueAndGrad(x => tf.sum(tf.mul(tf.mean(x, [1, 2]), weights)))(noise(shape, 1));
  return [value, grad];
}

export const POOLING_GROUPS: readonly CaseGroup[] = [
  ...group('max pool', ['MaxPool', 'MaxPoolGrad'], maxPool, shape => noise(shape, 1)),
  ...group('max pool of ties', ['MaxPool', 'MaxPoolGrad'], maxPool, tied),
  ...group('average pool', ['AvgPool', 'AvgPoolGrad'], avgPool, shape => noise(shape, 3)),
  {
    name: 'global average pool',
    kernels: ['Mean'],
    cases: [...IMAGES, [2, 8, 8, 128] as Shape4D].map(shape => ({
      name: `image ${shape}`,
      compute: () => globalAveragePool(shape),
    })),
  },
];
