import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSameOnBothBackends, noise, onBackend, runKernel, startBackends } from './backends.ts';

type Pair = [number, number];
type Shape4D = [number, number, number, number];
type Pad = 'same' | 'valid' | number;

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

beforeAll(startBackends);

/**
 * A padding smaller than the window, or some windows lie on padding alone; and none in numbers where heights
 * and widths differ: tfjs then gets the output's width wrong, and the forward passes already disagree.
 */
function padsOf(window: Pair, strides: Pair): Pad[] {
  const isSquare = window[0] === window[1] && strides[0] === strides[1];
  return isSquare && window[0] > 1 ? ['same', 'valid', 1] : ['same', 'valid'];
}

function eachCase(
  window: Pair,
  check: (label: string, image: Shape4D, strides: Pair, pad: Pad) => void,
): void {
  for (const image of IMAGES) {
    for (const strides of STRIDES) {
      for (const pad of padsOf(window, strides))
        check(`image ${image}, strides ${strides}, pad ${pad}`, image, strides, pad);
    }
  }
}

function maxPoolGradient(x: tf.Tensor, filterSize: Pair, strides: Pair, pad: Pad): tf.Tensor {
  const output = tf.maxPool(x as tf.Tensor4D, filterSize, strides, pad);
  const dy = noise(output.shape, 7);
  return runKernel('MaxPoolGrad', { dy, input: x, output }, { filterSize, strides, pad });
}

function avgPoolGradient(x: tf.Tensor, filterSize: Pair, strides: Pair, pad: Pad): tf.Tensor {
  const output = tf.avgPool(x as tf.Tensor4D, filterSize, strides, pad);
  const dy = noise(output.shape, 8);
  return runKernel('AvgPoolGrad', { dy, input: x }, { filterSize, strides, pad });
}

describe.each(WINDOWS)('pooling with a %i x %i window', (height, width) => {
  const window: Pair = [height, width];

  it('has the CPU backend’s max-pool gradient', () => {
    eachCase(window, (label, image, strides, pad) =>
      expectSameOnBothBackends(label, () => [maxPoolGradient(noise(image, 1), window, strides, pad)]),
    );
  });

  it('gives the gradient of a tie to the same cell as the CPU backend', () => {
    // Three values only, and relu-like zeros: nearly every window has its maximum more than once.
    eachCase(window, (label, image, strides, pad) =>
      expectSameOnBothBackends(label, () => {
        const x = tf.relu(tf.round(noise(image, 2)));
        return [maxPoolGradient(x, window, strides, pad)];
      }),
    );
  });

  it('has the CPU backend’s average-pool gradient', () => {
    eachCase(window, (label, image, strides, pad) =>
      expectSameOnBothBackends(label, () => [avgPoolGradient(noise(image, 3), window, strides, pad)]),
    );
  });
});

it('sends a max-pool gradient, worked by hand, to the first maximum of each window', () => {
  const [dx] = onBackend('wasm', () => {
    const input = tf.tensor4d([5, 5, 1, 2, 5, 5, 3, 3], [1, 2, 4, 1]);
    const output = tf.maxPool(input, 2, 2, 'valid');
    const dy = tf.tensor4d([10, 20], [1, 1, 2, 1]);
    return [runKernel('MaxPoolGrad', { dy, input, output }, { filterSize: 2, strides: 2, pad: 'valid' })];
  });
  expect(Array.from(dx?.data ?? [])).toEqual([10, 0, 0, 0, 0, 0, 20, 0]);
});
