import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerWasmTrainingKernels } from '../../../client/trainer/kernels/wasm/register-wasm-kernels.ts';
import { differenceOf, valuesOn } from '../../support/conformance.ts';
import { noise, runKernel, type Shape4D } from '../../support/kernel-case.ts';
import {
  batch,
  lossAndGradients,
  lossOf,
  mixedModel,
  twoConvModel,
} from '../../support/kernel-cases/model.ts';

/** What the WASM kernels promise beyond the conformance suite: memory, hand-worked cases, refusals. */

beforeAll(async () => {
  registerWasmTrainingKernels();
  setThreadsCount(1);
  await tf.setBackend('cpu');
  await tf.setBackend('wasm');
});

it('does depthwise dilation as a filter with holes (the CPU gradients ignore dilation)', async () => {
  const image: Shape4D = [2, 9, 8, 3];
  const inputs = () => ({ x: noise(image, 1), dy: noise(image, 2), filter: noise([3, 3, 3, 1], 3) });
  const gradients = (filter: tf.Tensor, dilations: number): [tf.Tensor, tf.Tensor] => {
    const { x, dy } = inputs();
    const attrs = { strides: 1, pad: 'same', dilations };
    return [
      runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...attrs, inputShape: image }),
      runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...attrs, filterShape: filter.shape }),
    ];
  };
  const expected = await valuesOn('cpu', () => {
    // Interleaved with zeros, a 3 x 3 filter of dilation 2 is a 5 x 5 filter of dilation 1.
    const [dx, dw] = gradients(holesBetweenTaps(inputs().filter), 1);
    return [dx, tf.stridedSlice(dw, [0, 0, 0, 0], dw.shape, [2, 2, 1, 1])];
  });
  const actual = await valuesOn('wasm', () => gradients(inputs().filter, 2));
  expect(differenceOf(actual, expected)).toBeNull();
});

/** [3, 3, C, M] to [5, 5, C, M], zeros in every odd row and column. */
function holesBetweenTaps(filter: tf.Tensor): tf.Tensor {
  const withRows = tf.pad(tf.reshape(filter, [3, 1, 3, 1, 3, 1]), [
    [0, 0],
    [0, 1],
    [0, 0],
    [0, 1],
    [0, 0],
    [0, 0],
  ]);
  return tf.slice(tf.reshape(withRows, [6, 6, 3, 1]), [0, 0, 0, 0], [5, 5, 3, 1]);
}

it('refuses channels-first tensors', () => {
  const attrs = { strides: 1, pad: 'same', dataFormat: 'NCHW', filterShape: [3, 3, 2, 2] };
  const run = () =>
    runKernel('Conv2DBackpropFilter', { x: noise([1, 2, 4, 4], 1), dy: noise([1, 2, 4, 4], 2) }, attrs);
  expect(run).toThrow('NHWC tensors only');
});

it('convolves by channel with a filter lower than its stride, worked out by hand', async () => {
  const [y] = await valuesOn('wasm', () => {
    const [x, filter] = [tf.ones([1, 4, 4, 2]), tf.ones([3, 2, 2, 1])];
    return [tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 3], 'same')];
  });
  // Two rows of the output see 3 and 2 rows of the input, two columns 2 and 1 columns.
  expect(Array.from(y?.data ?? [])).toEqual([6, 6, 3, 3, 4, 4, 2, 2]);
});

it('sends a max-pool gradient to the first maximum of each window, worked out by hand', async () => {
  const [dx] = await valuesOn('wasm', () => {
    const input = tf.tensor4d([5, 5, 1, 2, 5, 5, 3, 3], [1, 2, 4, 1]);
    const output = tf.maxPool(input, 2, 2, 'valid');
    const dy = tf.tensor4d([10, 20], [1, 1, 2, 1]);
    return [runKernel('MaxPoolGrad', { dy, input, output }, { filterSize: 2, strides: 2, pad: 'valid' })];
  });
  expect(Array.from(dx?.data ?? [])).toEqual([10, 0, 0, 0, 0, 0, 20, 0]);
});

it('multiplies a variable by its present values after it was changed', async () => {
  const [first, second] = await valuesOn('wasm', () => {
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

it('shares data between a tensor and its clone until both are gone', async () => {
  const [copy, cast] = await valuesOn('wasm', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const clone = tf.clone(x);
    const sameType = tf.cast(x, 'float32');
    x.dispose();
    noise([3], 1); // It would land on the freed memory if the clone had not kept it.
    return [clone, tf.cast(sameType, 'int32')];
  });
  expect(Array.from(copy?.data ?? [])).toEqual([1, 2, 3]);
  expect(Array.from(cast?.data ?? [])).toEqual([1, 2, 3]);
});

describe('memory', () => {
  it('does not grow over training steps, in tensors or in WASM allocations', () => {
    const model = twoConvModel();
    const optimizer = tf.train.momentum(0.01, 0.9);
    const { images, labels } = batch();
    const step = () => tf.tidy(() => void optimizer.minimize(() => lossOf(model, images, labels)));
    const counts = () => ({ ...tf.memory(), dataIds: tf.engine().backend.numDataIds() });
    step(); // The first step makes the optimizer's accumulators.
    const before = counts();
    for (let i = 0; i < 5; i++) step();
    expect(counts()).toEqual(before);
  });

  it('keeps nothing of what a gradient kernel allocated', () => {
    const model = mixedModel();
    const dataIdsAfterUse = () => {
      tf.tidy(() => void lossAndGradients(model));
      return tf.engine().backend.numDataIds();
    };
    expect(dataIdsAfterUse()).toBe(dataIdsAfterUse());
    model.dispose();
  });
});

it('learns: the loss falls over fifty steps of SGD with momentum', () => {
  const model = twoConvModel();
  const optimizer = tf.train.momentum(0.05, 0.9);
  const { images, labels } = batch();
  const loss = () => tf.tidy(() => lossOf(model, images, labels).dataSync()[0] ?? Number.NaN);
  const before = loss();
  for (let i = 0; i < 50; i++) tf.tidy(() => void optimizer.minimize(() => lossOf(model, images, labels)));
  expect(loss()).toBeLessThan(before / 4);
});
