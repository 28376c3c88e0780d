import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of the core ops, which tfjs-core alone leaves out.
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSameOnBothBackends, noise, onBackend, runKernel, startBackends } from './backends.ts';

beforeAll(startBackends);

const FLAGS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

describe.each(FLAGS)('matMul, transposeA %s, transposeB %s', (transposeA, transposeB) => {
  // Above and below the size from which XNNPACK is used, no side a multiple of the transpose's tile.
  it.each([
    [1, 1, 1],
    [3, 5, 7],
    [33, 65, 17],
    [32, 1568, 10],
    [70, 40, 50],
  ])('multiplies [%i, %i] by [.., %i] for every batch', (m, k, n) => {
    const a = transposeA ? [k, m] : [m, k];
    const b = transposeB ? [n, k] : [k, n];
    for (const [batchA, batchB] of [[], [1]].flatMap(one => [
      [one, one],
      [[3], [3]],
      [one, [2]],
      [[2], one],
    ])) {
      if (batchA === undefined || batchB === undefined) continue;
      expectSameOnBothBackends(`batches [${batchA}] and [${batchB}]`, () => [
        tf.matMul(noise([...batchA, ...a], 1), noise([...batchB, ...b], 2), transposeA, transposeB),
      ]);
    }
  });

  it('multiplies a batch of two axes', () => {
    const a = transposeA ? [2, 3, 40, 33] : [2, 3, 33, 40];
    const b = transposeB ? [2, 3, 31, 40] : [2, 3, 40, 31];
    expectSameOnBothBackends('[2, 3]', () => [tf.matMul(noise(a, 1), noise(b, 2), transposeA, transposeB)]);
  });
});

it('uses the operand’s present values when a variable is multiplied again after an update', () => {
  const [first, second] = onBackend('wasm', () => {
    const weights = tf.variable(tf.ones([40, 40]));
    const x = tf.ones([40, 40]);
    const before = tf.matMul(x, weights, false, true);
    weights.assign(tf.fill([40, 40], 2));
    const after = tf.matMul(x, weights, false, true);
    weights.dispose();
    return [before, after];
  });
  expect([first?.data[0], second?.data[0]]).toEqual([40, 80]);
});

describe('unsortedSegmentSum', () => {
  it.each([
    [[6], 4],
    [[6, 3], 4],
    [[6, 2, 5], 9],
  ])('sums rows of [%s] into %i segments, repeated, missing and out of range', (shape, segments) => {
    expectSameOnBothBackends(`${shape}`, () => {
      const segmentIds = tf.tensor1d([0, 2, 2, -1, segments, 1], 'int32');
      return [runKernel('UnsortedSegmentSum', { x: noise(shape, 1), segmentIds }, { numSegments: segments })];
    });
  });

  it('is the gradient of gather', () => {
    expectSameOnBothBackends('gather', () => {
      const table = noise([5, 3], 1);
      const rows = tf.tensor1d([4, 0, 0, 3], 'int32');
      const weights = noise([4, 3], 2);
      return [tf.grad(x => tf.sum(tf.mul(tf.gather(x, rows), weights)))(table)];
    });
  });
});

describe.each(['Sum', 'Mean'])('%s', kernel => {
  it.each([[[0]], [[0, 1, 2]], [[1, 2]], [[1]], [[-1]], [[0, 2]], [[2, 1, 0]], [[0, 1, 2, 3]]])(
    'reduces axes %j, dropped or kept',
    axis => {
      for (const keepDims of [false, true]) {
        for (const channels of [1, 3, 8, 18]) {
          expectSameOnBothBackends(`${channels} channels, keepDims ${keepDims}`, () => {
            const x = noise([3, 4, 5, channels], 1);
            return [kernel === 'Sum' ? tf.sum(x, axis, keepDims) : tf.mean(x, axis, keepDims)];
          });
        }
      }
    },
  );

  it('reduces whole numbers', () => {
    expectSameOnBothBackends('int32', () => {
      const x = tf.tensor2d([1, 2, 3, 4, 5, 7], [3, 2], 'int32');
      return [kernel === 'Sum' ? tf.sum(x, 0) : tf.mean(x, 0)];
    });
  });
});

it('shares data between a tensor and its clone until both are gone', () => {
  const [copy, cast] = onBackend('wasm', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const clone = tf.clone(x);
    const sameType = tf.cast(x, 'float32');
    x.dispose();
    noise([3], 1); // Would land on the freed memory, had the clone not kept it.
    return [clone, tf.cast(sameType, 'int32')];
  });
  expect(Array.from(copy?.data ?? [])).toEqual([1, 2, 3]);
  expect(Array.from(cast?.data ?? [])).toEqual([1, 2, 3]);
});

it.each([
  [[3], [4]],
  [
    [1, 1, 1, 5],
    [3, 4, 2, 1],
  ],
  [
    [2, 3],
    [1, 2],
  ],
  [
    [2, 3, 1],
    [3, 1, 4],
  ],
  [
    [2, 3, 4],
    [1, 1, 1],
  ],
  [
    [4, 1],
    [0, 3],
  ],
])('tiles [%s] by [%s]', (shape, reps) => {
  expectSameOnBothBackends('float32', () => [tf.tile(noise(shape, 1), reps)]);
  expectSameOnBothBackends('int32', () => [tf.tile(tf.cast(tf.round(noise(shape, 1)), 'int32'), reps)]);
});
