import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSameOnBothBackends, noise, startBackends } from './backends.ts';

beforeAll(startBackends);

const seeded = (seed: number) => tfl.initializers.glorotUniform({ seed });

function twoConvModel(): tfl.Sequential {
  const conv = { kernelSize: 3, padding: 'same', activation: 'relu' } as const;
  return tfl.sequential({
    layers: [
      tfl.layers.conv2d({ ...conv, filters: 4, inputShape: [12, 10, 1], kernelInitializer: seeded(1) }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.conv2d({ ...conv, filters: 6, kernelInitializer: seeded(2) }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: 10, kernelInitializer: seeded(3) }),
    ],
  });
}

/** Strides, batch norm, separable convolution, overlapping average pool and global average pooling. */
function mixedModel(): tfl.Sequential {
  return tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        filters: 5,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        // The batch norm that follows would take the bias away again: its gradient is rounding noise about 0.
        useBias: false,
        inputShape: [12, 10, 1],
        kernelInitializer: seeded(1),
      }),
      tfl.layers.batchNormalization(),
      tfl.layers.reLU(),
      tfl.layers.separableConv2d({
        filters: 8,
        kernelSize: 3,
        padding: 'same',
        depthwiseInitializer: seeded(2),
        pointwiseInitializer: seeded(3),
      }),
      tfl.layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, kernelInitializer: seeded(4) }),
      tfl.layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
      tfl.layers.globalAveragePooling2d({}),
      tfl.layers.dense({ units: 10, kernelInitializer: seeded(5) }),
    ],
  });
}

function batch(): { images: tf.Tensor; labels: tf.Tensor } {
  const labels = tf.oneHot(tf.tensor1d([0, 3, 9, 3], 'int32'), 10);
  return { images: noise([4, 12, 10, 1], 11), labels };
}

function lossOf(model: tfl.Sequential, images: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const logits = model.apply(images, { training: true });
  if (!(logits instanceof tf.Tensor)) throw new Error('one output expected');
  return tf.losses.softmaxCrossEntropy(labels, logits);
}

/** The loss and the gradient of every trainable variable, in the model's order. */
function lossAndGradients(model: tfl.Sequential): tf.Tensor[] {
  const { images, labels } = batch();
  const variables = trainableVariables(model);
  const { value, grads } = tf.variableGrads(() => lossOf(model, images, labels), variables);
  return [value, ...variables.map(({ name }) => grads[name] ?? tf.tensor([]))];
}

function trainableVariables(model: tfl.Sequential): tf.Variable[] {
  return model.trainableWeights.map(
    weight => tf.engine().registeredVariables[weight.name] ?? notFound(weight.name),
  );
}

function notFound(name: string): never {
  throw new Error(`no variable called ${name}`);
}

describe.each([
  ['the two-conv model', twoConvModel],
  ['a model of every other layer', mixedModel],
])('%s', (_name, build) => {
  it('has the CPU backend’s loss and gradient of every variable', () => {
    const model = build();
    expectSameOnBothBackends('loss and gradients', () => lossAndGradients(model));
    model.dispose();
  });
});

it('has the CPU backend’s gradients through group normalization and a global-average head', () => {
  expectSameOnBothBackends('group norm', () => {
    const inputs = [noise([3, 6, 6, 8], 1), noise([3, 3, 8, 8], 2), noise([8], 3), noise([8, 10], 4)];
    return tf.grads(groupNormNet)(inputs);
  });
});

/** conv 3 x 3, group normalization with 4 groups, relu, mean over the image, dense. */
function groupNormNet(x: tf.Tensor, filter: tf.Tensor, gamma: tf.Tensor, head: tf.Tensor): tf.Scalar {
  const y = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
  const groups = tf.reshape(y, [3, 6, 6, 4, 2]);
  const { mean, variance } = tf.moments(groups, [1, 2, 4], true);
  const normal = tf.div(tf.sub(groups, mean), tf.sqrt(tf.add(variance, 1e-5)));
  const scaled = tf.relu(tf.mul(tf.reshape(normal, y.shape), gamma));
  const logits = tf.matMul(tf.mean(scaled, [1, 2]), head);
  return tf.mean(tf.square(logits));
}

describe('memory', () => {
  it('is flat over training steps, in tensors and in WASM allocations', () => {
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
