import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { type CaseGroup, noise } from '../kernel-case.ts';

const seeded = (seed: number) => tfl.initializers.glorotUniform({ seed });

export function twoConvModel(): tfl.Sequential {
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
export function mixedModel(): tfl.Sequential {
  return tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        filters: 5,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        // The batch norm behind it would cancel the bias: its gradient is rounding noise about 0.
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

export function batch(): { images: tf.Tensor; labels: tf.Tensor } {
  const labels = tf.oneHot(tf.tensor1d([0, 3, 9, 3], 'int32'), 10);
  return { images: noise([4, 12, 10, 1], 11), labels };
}

export function lossOf(model: tfl.Sequential, images: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const logits = model.apply(images, { training: true });
  if (!(logits instanceof tf.Tensor)) throw new Error('one output expected');
  return tf.losses.softmaxCrossEntropy(labels, logits);
}

/** The loss and the gradient of every trainable variable, in the model's order. */
export function lossAndGradients(model: tfl.Sequential): tf.Tensor[] {
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

/** Built again on the backend in use, with the same seeds and so the same weights. */
function builtAndDifferentiated(build: () => tfl.Sequential): tf.Tensor[] {
  const model = build();
  try {
    return lossAndGradients(model);
  } finally {
    model.dispose();
  }
}

/** conv 3 x 3, group normalization with 4 groups composed of small ops, relu, mean over the image, dense. */
function groupNormNet(x: tf.Tensor, filter: tf.Tensor, gamma: tf.Tensor, head: tf.Tensor): tf.Scalar {
  const y = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
  const groups = tf.reshape(y, [3, 6, 6, 4, 2]);
  const { mean, variance } = tf.moments(groups, [1, 2, 4], true);
  const normal = tf.div(tf.sub(groups, mean), tf.sqrt(tf.add(variance, 1e-5)));
  const scaled = tf.relu(tf.mul(tf.reshape(normal, y.shape), gamma));
  return tf.mean(tf.square(tf.matMul(tf.mean(scaled, [1, 2]), head)));
}

export const MODEL_GROUPS: readonly CaseGroup[] = [
  {
    name: 'loss and gradients of whole models',
    kernels: [],
    cases: [
      { name: 'the two-conv model', compute: () => builtAndDifferentiated(twoConvModel) },
      { name: 'a model of every other layer', compute: () => builtAndDifferentiated(mixedModel) },
      {
        name: 'group normalisation composed of small operations',
        compute: () =>
          tf.grads(groupNormNet)([
            noise([3, 6, 6, 8], 1),
            noise([3, 3, 8, 8], 2),
            noise([8], 3),
            noise([8, 10], 4),
          ]),
      },
    ],
  },
];
