import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNormTraining } from '../../../client/trainer/ops/batch-norm.ts';
import { groupNorm } from '../../../client/trainer/ops/group-norm.ts';
import { type GroupedConv2DAttrs, groupedConv2d } from '../../../client/trainer/ops/grouped-conv2d.ts';
import { nesterovUpdate } from '../../../client/trainer/ops/nesterov-update.ts';
import { expectSlopes, startReference, values } from './finite-differences.ts';

beforeAll(startReference);

const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

describe('grouped convolution', () => {
  const conv = (attrs: GroupedConv2DAttrs) => (x: tf.Tensor, filter: tf.Tensor) =>
    groupedConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, attrs);

  it('lets each output channel see only its own group’s inputs', () => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 1, 1, 4]);
    // Rows are the two inputs within a group, columns the four outputs.
    const filter = tf.tensor4d([1, 10, 1, 10, 1, 100, 1, 100], [1, 1, 2, 4]);
    const y = conv({ groups: 2, strides: [1, 1], pad: 'same' })(x, filter);
    expect(numbers(y)).toEqual([1 + 2, 10 + 200, 3 + 4, 30 + 400]);
  });

  it('is the stock convolution if there is one group', () => {
    const [x, filter] = [values([2, 5, 4, 3], 1) as tf.Tensor4D, values([3, 3, 3, 2], 2) as tf.Tensor4D];
    const ours = conv({ groups: 1, strides: [2, 2], pad: 'same' })(x, filter);
    const stock = tf.conv2d(x, filter, 2, 'same');
    expect(ours.shape).toEqual(stock.shape);
    for (const [i, want] of numbers(stock).entries()) expect(numbers(ours)[i]).toBeCloseTo(want, 4);
  });

  it.each([
    { groups: 2, strides: [1, 1], pad: 'same' },
    { groups: 4, strides: [2, 2], pad: 'same' },
    { groups: 2, strides: [2, 1], pad: 'valid' },
  ] satisfies GroupedConv2DAttrs[])('has the gradients of its slopes: %o', attrs => {
    expectSlopes(conv(attrs), [values([2, 5, 4, 4], 3), values([3, 3, 4 / attrs.groups, 4], 4)]);
  });

  it('refuses a filter that does not fit', () => {
    const call = () =>
      conv({ groups: 3, strides: [1, 1], pad: 'same' })(values([1, 2, 2, 4], 1), values([1, 1, 1, 3], 1));
    expect(call).toThrow('a filter of [1,1,1,3] in 3 groups does not fit pictures of [1,2,2,4]');
  });
});

describe('group norm', () => {
  it('brings every group of an example to mean 0 and deviation 1, then scales and shifts by channel', () => {
    const x = tf.tensor([1, 3, 10, 30, 3, 5, 50, 70], [1, 2, 1, 4]);
    const y = groupNorm(x, tf.tensor1d([1, 1, 1, 2]), tf.tensor1d([0, 0, 0, 100]), { groups: 2, epsilon: 0 });
    // The first group is 1 3 3 5 (mean 3, variance 2), the second 10 30 50 70 (mean 40, variance 500).
    const [a, b] = [2 / Math.sqrt(2), 10 / Math.sqrt(500)];
    const wanted = [-a, 0, -3 * b, 100 - 2 * b, 0, a, b, 100 + 6 * b];
    for (const [i, want] of wanted.entries()) expect(numbers(y)[i]).toBeCloseTo(want, 4);
  });

  it.each([1, 2, 4])('has the gradients of its slopes in %i groups', groups => {
    const op = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
      groupNorm(x, gamma, beta, { groups, epsilon: 1e-3 });
    expectSlopes(op, [values([2, 3, 3, 4], 5), values([4], 6), values([4], 7)]);
  });

  it('refuses groups that do not divide the channels', () => {
    const [x, gamma] = [values([2, 4], 1), values([4], 2)];
    expect(() => groupNorm(x, gamma, gamma, { groups: 3, epsilon: 1e-3 })).toThrow('3 groups');
  });
});

describe('batch norm in training', () => {
  it('normalises by channel over the batch, and returns the mean and the biased variance', () => {
    const x = tf.tensor2d([1, 10, 3, 10], [2, 2]);
    const result = batchNormTraining(x, tf.tensor1d([2, 1]), tf.tensor1d([5, 7]), { epsilon: 3 });
    expect(numbers(result.mean)).toEqual([2, 10]);
    expect(numbers(result.variance)).toEqual([1, 0]);
    expect(numbers(result.y)).toEqual([5 - 2 / 2, 7, 5 + 2 / 2, 7]);
  });

  it('has the gradients of its slopes', () => {
    const op = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
      batchNormTraining(x, gamma, beta, { epsilon: 1e-3 }).y;
    expectSlopes(op, [values([3, 2, 2, 3], 8), values([3], 9), values([3], 10)]);
  });
});

it('a Nesterov step is the textbook’s', () => {
  const [w, v, g] = [tf.tensor1d([2]), tf.tensor1d([1]), tf.tensor1d([3])];
  const next = nesterovUpdate(w, v, g, { learningRate: 0.1, momentum: 0.5, weightDecay: 0.25 });
  // g = 3 + 0.5 = 3.5; v = 0.5 + 3.5 = 4; w = 2 - 0.1 (3.5 + 2).
  expect(numbers(next.velocity)).toEqual([4]);
  expect(numbers(next.weight)[0]).toBeCloseTo(1.45, 6);
});

it('an op says so if the backend has no kernel for it', () => {
  tf.registerBackend('bare', () => new tf.KernelBackend());
  const [w, v, g] = [tf.tensor1d([2]), tf.tensor1d([1]), tf.tensor1d([3])];
  tf.setBackend('bare');
  try {
    expect(() => nesterovUpdate(w, v, g, { learningRate: 1, momentum: 0, weightDecay: 0 })).toThrow(
      "Kernel 'NesterovUpdate' not registered for backend 'bare'",
    );
  } finally {
    tf.setBackend('cpu');
  }
});

describe('what is kept for the backward pass', () => {
  const cube = (x: tf.Tensor): tf.Tensor => tf.mul(tf.square(x), x);

  it('takes no op of its own', async () => {
    const x = tf.tensor1d([1, 2, -3]);
    const { kernelNames } = await tf.profile(() => tf.grad(cube)(x));
    expect(kernelNames).toContain('Square');
    expect(kernelNames).not.toContain('Identity');
  });

  it('is disposed of after it, as everything else', () => {
    const x = tf.tensor1d([1, 2, -3]);
    const before = tf.memory();
    tf.dispose(tf.grad(cube)(x));
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
    expect(numbers(x)).toEqual([1, 2, -3]);
  });

  it('leads on to second and third derivatives', () => {
    const x = tf.tensor1d([1, 2, -3]);
    const second = tf.grad(tf.grad(cube));
    expect(numbers(tf.grad(cube)(x))).toEqual([3, 12, 27]);
    expect(numbers(second(x))).toEqual([6, 12, -18]);
    expect(numbers(tf.grad(second)(x))).toEqual([6, 6, 6]);
  });
});
