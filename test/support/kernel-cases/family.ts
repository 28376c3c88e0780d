import * as tf from '@tensorflow/tfjs-core';
import { batchNormTraining } from '../../../client/trainer/ops/batch-norm.ts';
import { groupNorm } from '../../../client/trainer/ops/group-norm.ts';
import { groupedConv2d } from '../../../client/trainer/ops/grouped-conv2d.ts';
import { nesterovUpdate } from '../../../client/trainer/ops/nesterov-update.ts';
import { type CaseGroup, type KernelCase, noise, type Pair, runKernel, runKernels } from '../kernel-case.ts';

/** What the four families need beyond plain convolution and pooling: our own ops, and the joints between layers. */

interface GroupedSetting {
  readonly image: [number, number, number, number];
  readonly filter: Pair;
  readonly outputs: number;
  readonly groups: number;
}

const GROUPED: readonly GroupedSetting[] = [
  { image: [2, 6, 5, 4], filter: [3, 3], outputs: 4, groups: 2 },
  { image: [2, 7, 6, 6], filter: [3, 3], outputs: 12, groups: 3 },
  { image: [2, 6, 6, 16], filter: [3, 3], outputs: 32, groups: 4 },
  { image: [1, 5, 5, 8], filter: [3, 3], outputs: 8, groups: 8 },
  { image: [2, 5, 6, 4], filter: [1, 1], outputs: 6, groups: 1 },
  { image: [2, 6, 7, 4], filter: [2, 3], outputs: 8, groups: 2 },
  { image: [2, 9, 9, 64], filter: [3, 3], outputs: 64, groups: 8 },
  { image: [1, 6, 6, 32], filter: [3, 3], outputs: 32, groups: 2 },
];
const STRIDES: readonly Pair[] = [
  [1, 1],
  [2, 2],
  [1, 2],
];

/** Value and gradients of the sum of an op's result, weighted so that no two elements have the same gradient. */
function valueAndGradients(op: (...xs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]): tf.Tensor[] {
  const weights = tf.keep(noise(tf.tidy(() => op(...inputs)).shape, 9));
  const { value, grads } = tf.valueAndGrads((...xs) => tf.sum(tf.mul(op(...xs), weights)))(inputs);
  weights.dispose();
  return [op(...inputs), value, ...grads];
}

const groupedCases = GROUPED.flatMap(({ image, filter, outputs, groups }) =>
  STRIDES.flatMap(strides =>
    (['same', 'valid'] as const).map(
      (pad): KernelCase => ({
        name: `image ${image}, filter ${filter} to ${outputs}, ${groups} groups, strides ${strides}, pad ${pad}`,
        compute: () =>
          valueAndGradients(
            (x, w) => groupedConv2d(x as tf.Tensor4D, w as tf.Tensor4D, { groups, strides, pad }),
            [noise(image, 1), noise([...filter, image[3] / groups, outputs], 2)],
          ),
      }),
    ),
  ),
);

/** Far from mean 0 and deviation 1, so that a norm that forgot either would show. */
const shifted = (shape: readonly number[]): tf.Tensor => tf.add(tf.mul(noise(shape, 1), 3), 2);

/** Its first pixel is so far from all others that a sum about that pixel, over a whole image, loses its digits. */
function withOutlier(shape: readonly number[]): tf.Tensor {
  const x = tf.mul(noise(shape, 1), 0.3);
  const isFirst = tf.reshape(tf.less(tf.range(0, x.size), shape.at(-1) ?? 1), [...shape]);
  return tf.where(isFirst, tf.fill([...shape], 20), x);
}

const GROUP_NORM: readonly (readonly [readonly number[], number])[] = [
  [[2, 5, 4, 8], 4],
  [[3, 6, 6, 6], 1],
  [[2, 3, 3, 12], 12],
  [[2, 7, 5, 9], 3],
  [[4, 10], 5],
  [[2, 4, 6], 2],
  [[2, 16, 16, 32], 8],
  [[1, 9, 9, 70], 2],
  // A layer norm of pictures: more places than a graphics card takes workgroups along an axis.
  [[66_000, 2], 1],
  [[5_000, 9], 3],
];

type MakeInput = (shape: readonly number[]) => tf.Tensor;

const groupNormCase =
  (makeInput: MakeInput) =>
  ([shape, groups]: (typeof GROUP_NORM)[number]): KernelCase => ({
    name: `[${shape}] in ${groups} groups, ${makeInput.name}`,
    compute: () => {
      const channels = shape.at(-1) ?? 0;
      return valueAndGradients(
        (x, gamma, beta) => groupNorm(x, gamma, beta, { groups, epsilon: 1e-3 }),
        [makeInput(shape), noise([channels], 2), noise([channels], 3)],
      );
    },
  });

/** Large enough for sums to lose digits, with and without whole vectors of channels. */
const LARGE = [
  [2, 48, 48, 8],
  [1, 128, 96, 16],
  [2, 61, 53, 6],
];

const groupNormCases = [
  ...GROUP_NORM.map(groupNormCase(shifted)),
  ...LARGE.map((shape): KernelCase => groupNormCase(withOutlier)([shape, 2])),
];

const BATCH_NORM: readonly (readonly number[])[] = [
  [4, 5, 4, 8],
  [3, 6, 6, 1],
  [8, 10],
  [2, 7, 5, 9],
  [5, 4, 6],
  [8, 16, 16, 33],
  [2, 5, 5, 130],
];

const batchNormCase =
  (makeInput: MakeInput) =>
  (shape: readonly number[]): KernelCase => ({
    name: `[${shape}], ${makeInput.name}`,
    compute: () => {
      const channels = shape.at(-1) ?? 0;
      const inputs = [makeInput(shape), noise([channels], 2), noise([channels], 3)] as const;
      const [, mean, variance] = runKernels(
        'BatchNormTraining',
        { x: inputs[0], gamma: inputs[1], beta: inputs[2] },
        { epsilon: 1e-3 },
      );
      if (!mean || !variance) throw new Error('no statistics');
      const op = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
        batchNormTraining(x, gamma, beta, { epsilon: 1e-3 }).y;
      return [mean, variance, ...valueAndGradients(op as (...xs: tf.Tensor[]) => tf.Tensor, [...inputs])];
    },
  });

const batchNormCases = [...BATCH_NORM.map(batchNormCase(shifted)), ...LARGE.map(batchNormCase(withOutlier))];

const updateCases = [[7], [3, 3, 4, 5], [1], [65, 33]].flatMap(shape =>
  [0, 5e-4].map(
    (weightDecay): KernelCase => ({
      name: `[${shape}], weight decay ${weightDecay}`,
      compute: () => {
        const attrs = { learningRate: 0.05, momentum: 0.9, weightDecay };
        const gradients = [noise(shape, 3), noise(shape, 4)] as const;
        const first = nesterovUpdate(noise(shape, 1), noise(shape, 2), gradients[0], attrs);
        const second = nesterovUpdate(first.weight, first.velocity, gradients[1], {
          ...attrs,
          learningRate: 0.01,
        });
        return [first.weight, first.velocity, second.weight, second.velocity];
      },
    }),
  ),
);

const CHANNELS = [
  [3, 5],
  [4, 4, 8],
  [1, 1],
  [24, 12],
  [7, 1, 2, 6],
];

const concatCases = CHANNELS.map(
  (channels): KernelCase => ({
    name: `channels ${channels}`,
    compute: () =>
      valueAndGradients(
        (...xs) => tf.concat(xs, -1),
        channels.map((count, i) => noise([2, 5, 4, count], i + 1)),
      ),
  }),
);

/** Joints of equal shapes, biases by channel, relu: sizes that are whole vectors and others, few values and many. */
const elementCases = [[3], [2, 5, 3, 7], [3, 9, 8, 16], [2, 17, 9, 33]].flatMap((shape): KernelCase[] => [
  {
    name: `sum of two [${shape}]`,
    compute: () => valueAndGradients((a, b) => tf.add(a, b), [noise(shape, 1), noise(shape, 2)]),
  },
  {
    name: `[${shape}] and a number a channel`,
    compute: () =>
      valueAndGradients((a, b) => tf.add(a, b), [noise(shape, 1), noise([shape.at(-1) ?? 1], 2)]),
  },
  { name: `relu of [${shape}]`, compute: () => valueAndGradients(x => tf.relu(x), [noise(shape, 1)]) },
]);

function softmaxCrossEntropy(batch: number, classes: number): tf.Tensor[] {
  const labels = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: batch }, (_, i) => (i * 3) % classes),
      'int32',
    ),
    classes,
  );
  const { value, grad } = tf.valueAndGrad(logits => tf.losses.softmaxCrossEntropy(labels, logits))(
    noise([batch, classes], 1),
  );
  return [value, grad];
}

/** The distillation loss's ops: Kullback–Leibler divergence at temperature 2, with a gate for each example. */
function distillation(): tf.Tensor[] {
  const teacher = tf.softmax(tf.div(noise([6, 10], 2), 2));
  const gate = tf.tensor1d([1, 0, 1, 1, 0, 1]);
  const loss = (logits: tf.Tensor) =>
    tf.mean(
      tf.mul(tf.sum(tf.mul(teacher, tf.sub(tf.log(teacher), tf.logSoftmax(tf.div(logits, 2)))), -1), gate),
    );
  const { value, grad } = tf.valueAndGrad(loss)(noise([6, 10], 1));
  return [value, grad];
}

const wholeNumbers = (shape: readonly number[]): tf.Tensor =>
  tf.cast(tf.round(tf.mul(noise(shape, 3), 10)), 'int32');

/** Operations of a step that belong to no layer: one-hot labels, accuracy, turned axes. */
function stepOps(): tf.Tensor[] {
  const logits = noise([7, 10], 1);
  const labels = tf.oneHot(tf.tensor1d([1, 2, 3, 4, 5, 6, 7], 'int32'), 10);
  const hits = tf.equal(tf.argMax(logits, -1), tf.argMax(labels, -1));
  return [
    labels,
    tf.sum(tf.cast(hits, 'int32')),
    tf.argMax(noise([13], 2)),
    tf.transpose(noise([3, 4, 5], 2), [2, 0, 1]),
    tf.transpose(wholeNumbers([3, 4, 5]), [2, 0, 1]),
    tf.transpose(wholeNumbers([6, 5])),
  ];
}

/** A cast need not change what a backend keeps, and whoever reads it must know that. */
function castOps(): tf.Tensor[] {
  const floats = (shape: readonly number[]): tf.Tensor => tf.cast(wholeNumbers(shape), 'float32');
  const image = floats([2, 5, 5, 3]);
  const dy = noise([2, 5, 5, 4], 2);
  const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 3, 4] };
  return [
    tf.sum(floats([6, 5]), 0),
    tf.mean(tf.cast(tf.greater(noise([6, 5], 1), 0), 'float32'), 0),
    tf.transpose(floats([3, 4, 5]), [2, 0, 1]),
    runKernel('Conv2DBackpropFilter', { x: image, dy }, attrs),
    groupNorm(floats([2, 3, 3, 4]), tf.ones([4]), tf.zeros([4]), { groups: 2, epsilon: 1e-3 }),
  ];
}

export const FAMILY_GROUPS: readonly CaseGroup[] = [
  {
    name: 'grouped convolution',
    kernels: ['GroupedConv2D', 'GroupedConv2DBackpropInput', 'GroupedConv2DBackpropFilter'],
    cases: groupedCases,
  },
  { name: 'group normalisation', kernels: ['GroupNorm', 'GroupNormGrad'], cases: groupNormCases },
  {
    name: 'batch normalisation',
    kernels: ['BatchNormTraining', 'BatchNormTrainingGrad'],
    cases: batchNormCases,
  },
  { name: 'Nesterov update', kernels: ['NesterovUpdate'], cases: updateCases },
  { name: 'sums and relu, element by element', kernels: ['Add', 'Relu'], cases: elementCases },
  { name: 'concatenation by channel', kernels: ['Concat'], cases: concatCases },
  {
    name: 'softmax cross-entropy',
    kernels: [],
    cases: [
      { name: '[4, 10]', compute: () => softmaxCrossEntropy(4, 10) },
      { name: '[33, 62]', compute: () => softmaxCrossEntropy(33, 62) },
      { name: 'distillation', compute: distillation },
    ],
  },
  {
    name: 'the step’s own operations',
    kernels: ['Conv2DBackpropFilter', 'GroupNorm'],
    cases: [
      { name: 'labels and accuracy', compute: stepOps },
      { name: 'floats that were whole numbers', compute: castOps },
    ],
  },
];
