import * as tf from '@tensorflow/tfjs-core';
import { type CaseGroup, type KernelCase, noise, product, runKernel } from '../kernel-case.ts';

const FLAGS: readonly (readonly [boolean, boolean])[] = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];

/** Above and below the size from which XNNPACK is used; no side is a multiple of the transpose's tile. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [3, 5, 7],
  [33, 65, 17],
  [32, 1568, 10],
  [70, 40, 50],
];

/** Batch axes of a and b. */
const BATCHES: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[], []],
  [[3], [3]],
  [[], [2]],
  [[2], []],
  [[1], [1]],
  [[1], [2]],
  [[2], [1]],
];

function matMulCases(transposeA: boolean, transposeB: boolean): KernelCase[] {
  const multiply = (m: number, k: number, n: number, a: readonly number[], b: readonly number[]) => {
    const left = transposeA ? [k, m] : [m, k];
    const right = transposeB ? [n, k] : [k, n];
    return [tf.matMul(noise([...a, ...left], 1), noise([...b, ...right], 2), transposeA, transposeB)];
  };
  const cases = product(SIZES, BATCHES).map(([[m, k, n], [a, b]]) => ({
    name: `[${m}, ${k}] by [.., ${n}], batches [${a}] and [${b}]`,
    compute: () => multiply(m, k, n, a, b),
  }));
  return [...cases, { name: 'a batch of two axes', compute: () => multiply(33, 40, 31, [2, 3], [2, 3]) }];
}

const matMulGroups = FLAGS.map(
  ([transposeA, transposeB]): CaseGroup => ({
    name: `matMul, transposeA ${transposeA}, transposeB ${transposeB}`,
    kernels: ['BatchMatMul'],
    cases: matMulCases(transposeA, transposeB),
  }),
);

/** y = x·w + b and every gradient, like a dense layer. */
function dense(batch: number, inputs: number, units: number): tf.Tensor[] {
  const weights = noise([batch, units], 4);
  const { value, grads } = tf.valueAndGrads((x, w, b) => tf.sum(tf.mul(tf.add(tf.matMul(x, w), b), weights)))(
    [noise([batch, inputs], 1), noise([inputs, units], 2), noise([units], 3)],
  );
  return [value, ...grads];
}

function segmentSum(shape: readonly number[], segments: number, ids: number[]): tf.Tensor[] {
  const segmentIds = tf.tensor1d(ids, 'int32');
  return [runKernel('UnsortedSegmentSum', { x: noise(shape, 1), segmentIds }, { numSegments: segments })];
}

const segmentCases = (ids: number[]): KernelCase[] => [
  { name: 'a vector', compute: () => segmentSum([6], 4, ids) },
  { name: 'a matrix', compute: () => segmentSum([6, 3], 4, ids) },
  { name: 'rank 3', compute: () => segmentSum([6, 2, 5], 9, ids) },
];

function gatherGradient(): tf.Tensor[] {
  const rows = tf.tensor1d([4, 0, 0, 3], 'int32');
  const weights = noise([4, 3], 2);
  return [tf.grad(x => tf.sum(tf.mul(tf.gather(x, rows), weights)))(noise([5, 3], 1))];
}

const AXES = [[0], [0, 1, 2], [1, 2], [1], [-1], [0, 2], [2, 1, 0], [0, 1, 2, 3]];

const reductionGroups = ([tf.sum, tf.mean] as const).map((reduce, i): CaseGroup => {
  const name = ['Sum', 'Mean'][i] ?? '';
  return {
    name,
    kernels: [name],
    cases: [
      ...product(product(AXES, [false, true]), [1, 3, 8, 18]).map(([[axis, keepDims], channels]) => ({
        name: `axes ${axis}, ${channels} channels, keepDims ${keepDims}`,
        compute: () => [reduce(noise([3, 4, 5, channels], 1), axis, keepDims)],
      })),
      {
        name: 'bias gradient of a large image',
        compute: () => [reduce(noise([4, 16, 16, 20], 1), [0, 1, 2])],
      },
      {
        name: 'whole numbers',
        compute: () => [reduce(tf.tensor2d([1, 2, 3, 4, 5, 7], [3, 2], 'int32'), 0)],
      },
    ],
  };
});

const TILES: readonly (readonly [readonly number[], number[]])[] = [
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
];

const tileCases = TILES.map(([shape, reps]) => ({
  name: `[${shape}] by [${reps}]`,
  compute: () => [tf.tile(noise(shape, 1), reps), tf.tile(tf.cast(tf.round(noise(shape, 1)), 'int32'), reps)],
}));

/** A backend that caches a program for the first length must not use it for the second. */
const cumulativeCases = [4, 7, 3].map(length => ({
  name: `of ${length}`,
  compute: () => [
    tf.cumsum(noise([2, length], 1), 1, false, true),
    tf.cumsum(noise([length, 3], 2), 0, true, true),
    tf.cumprod(noise([length], 3), 0, false, true),
  ],
}));

export const MATRIX_GROUPS: readonly CaseGroup[] = [
  ...matMulGroups,
  {
    name: 'dense',
    kernels: ['BatchMatMul', 'Sum'],
    cases: [
      { name: '[4, 6] to 10', compute: () => dense(4, 6, 10) },
      { name: '[32, 130] to 10', compute: () => dense(32, 130, 10) },
    ],
  },
  {
    name: 'unsortedSegmentSum, repeated and missing',
    kernels: ['UnsortedSegmentSum'],
    cases: [...segmentCases([0, 2, 2, 3, 0, 1]), { name: 'the gradient of gather', compute: gatherGradient }],
  },
  {
    name: 'unsortedSegmentSum, out of range',
    kernels: ['UnsortedSegmentSum'],
    cases: segmentCases([0, 2, 2, -1, 9, 1]),
    // The stock kernel adds rows with unknown segment ids to other rows. The gradient of gather has no such rows.
    notOn: ['webgpu'],
  },
  ...reductionGroups,
  { name: 'tile', kernels: ['Tile'], cases: tileCases },
  { name: 'sums and products from behind', kernels: ['Cumsum', 'Cumprod'], cases: cumulativeCases },
];
