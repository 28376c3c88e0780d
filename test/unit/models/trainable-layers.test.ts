import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { Bias } from '../../../client/trainer/layers/bias.ts';
import { GroupNormalization } from '../../../client/trainer/layers/group-normalization.ts';
import { GroupedConv2D } from '../../../client/trainer/layers/grouped-conv2d.ts';
import { registerLayers } from '../../../client/trainer/layers/register-layers.ts';
import { Resizing } from '../../../client/trainer/layers/resizing.ts';
import { layerClasses } from '../../../client/trainer/models/topology/layer-classes.ts';

beforeAll(async () => {
  registerLayers();
  registerCpuKernels();
  await createTrainer().start({ backend: 'wasm' });
});

/** The layers that hosts may bring, in the settings that exports have, between a convolution and a dense layer. */
const layers: Readonly<Record<string, () => tfl.layers.Layer>> = {
  Conv2D: () => tfl.layers.conv2d({ filters: 3, kernelSize: [3, 2], strides: 2, activation: 'tanh' }),
  GroupedConv2D: () => new GroupedConv2D({ filters: 4, kernelSize: 3, groups: 2, activation: 'relu' }),
  DepthwiseConv2D: () => tfl.layers.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same' }),
  SeparableConv2D: () => tfl.layers.separableConv2d({ filters: 3, kernelSize: 3, padding: 'same' }),
  Dense: () => tfl.layers.dense({ units: 3, activation: 'sigmoid' }),
  BatchNormalization: () => tfl.layers.batchNormalization({ scale: true }),
  GroupNormalization: () => new GroupNormalization({ groups: 2 }),
  LayerNormalization: () => tfl.layers.layerNormalization({}),
  Activation: () => tfl.layers.activation({ activation: 'swish' }),
  ReLU: () => tfl.layers.reLU({ maxValue: 6 }),
  LeakyReLU: () => tfl.layers.leakyReLU({ alpha: 0.1 }),
  ELU: () => tfl.layers.elu(),
  Softmax: () => tfl.layers.softmax({ axis: -1 }),
  MaxPooling2D: () => tfl.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
  AveragePooling2D: () => tfl.layers.averagePooling2d({ poolSize: 2 }),
  GlobalMaxPooling2D: () => tfl.layers.globalMaxPooling2d({}),
  GlobalAveragePooling2D: () => tfl.layers.globalAveragePooling2d({}),
  ZeroPadding2D: () =>
    tfl.layers.zeroPadding2d({
      padding: [
        [0, 1],
        [1, 2],
      ],
    }),
  Flatten: () => tfl.layers.flatten(),
  Reshape: () => tfl.layers.reshape({ targetShape: [6, 12, 2] }),
  Cropping2D: () =>
    tfl.layers.cropping2D({
      cropping: [
        [1, 0],
        [2, 1],
      ],
    }),
  Permute: () => tfl.layers.permute({ dims: [3, 1, 2] }),
  Resizing: () => new Resizing({ height: 9, width: 4 }),
  PReLU: () => tfl.layers.prelu({ sharedAxes: [1, 2], alphaInitializer: 'ones' }),
  Dropout: () => tfl.layers.dropout({ rate: 0.5, seed: 3 }),
  // These draw without a seed, so that only their gradient without noise can be compared.
  GaussianNoise: () => tfl.layers.gaussianNoise({ stddev: 0 }),
  GaussianDropout: () => tfl.layers.gaussianDropout({ rate: 0 }),
  AlphaDropout: () => tfl.layers.alphaDropout({ rate: 0 }),
  Bias: () => new Bias(),
  Rescaling: () => tfl.layers.rescaling({ scale: 2, offset: -1 }),
  Add: () => tfl.layers.add(),
  Multiply: () => tfl.layers.multiply(),
  Average: () => tfl.layers.average(),
  Maximum: () => tfl.layers.maximum(),
  Minimum: () => tfl.layers.minimum(),
  Concatenate: () => tfl.layers.concatenate(),
};

/** Classes that are written in others. */
const rewritten = new Set(['Identity', 'Subtract', 'SpatialDropout2D', 'ActivityRegularization']);

const merges = new Set(['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate']);

function netWith(className: string): tfl.LayersModel {
  const input = tfl.input({ shape: [6, 6, 1] });
  const conv = (seed: number) =>
    tfl.layers
      .conv2d({
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        kernelInitializer: tfl.initializers.heNormal({ seed }),
      })
      .apply(input) as tfl.SymbolicTensor;
  const layer = layers[className]?.() ?? never();
  const middle = layer.apply(merges.has(className) ? [conv(1), conv(2)] : conv(1)) as tfl.SymbolicTensor;
  const flat =
    middle.shape.length === 2 ? middle : (tfl.layers.flatten().apply(middle) as tfl.SymbolicTensor);
  const logits = tfl.layers.dense({ units: 3, kernelInitializer: tfl.initializers.heNormal({ seed: 3 }) });
  return tfl.model({ inputs: input, outputs: logits.apply(flat) as tfl.SymbolicTensor });
}

/** The gradient of every weight, on the backend in use. */
function gradients(model: tfl.LayersModel): number[][] {
  return tf.tidy(() => {
    const x = tf.randomNormal([4, 6, 6, 1], 0, 1, 'float32', 5);
    const labels = tf.oneHot([0, 1, 2, 1], 3);
    const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
    const loss = (): tf.Scalar =>
      tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor);
    const { grads } = tf.variableGrads(loss, variables);
    return variables.map(({ name }) => Array.from(grads[name]?.dataSync() ?? []));
  });
}

describe('every layer that a host may bring', () => {
  it('is tried in this file', () => {
    const tried = Object.keys(layerClasses).filter(name => name !== 'InputLayer' && !rewritten.has(name));
    expect(Object.keys(layers).toSorted()).toEqual(tried.toSorted());
  });

  it.each(Object.keys(layers))('trains on WASM with the CPU backend’s gradients: %s', async className => {
    const model = netWith(className);
    const [wasm, cpu] = ['wasm', 'cpu'].map(backend => {
      tf.setBackend(backend);
      return gradients(model);
    });
    tf.setBackend('wasm');
    for (const [w, wanted] of (cpu ?? []).entries())
      for (const [i, value] of wanted.entries()) expect(wasm?.[w]?.[i], `weight ${w}`).toBeCloseTo(value, 4);
    model.dispose();
  });
});

function never(): never {
  throw new Error('missing');
}
