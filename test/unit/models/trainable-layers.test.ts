import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { registerLayers } from '../../../client/trainer/layers/register-layers.ts';
import { inputLayerClass } from '../../../client/trainer/models/model-graph.ts';
import { layerClasses } from '../../../client/trainer/models/topology/layer-classes.ts';
import { JOINT_SAMPLES, LAYER_SAMPLES } from '../../support/layer-samples.ts';

beforeAll(async () => {
  registerLayers();
  registerCpuKernels();
  await createTrainer().start({ backend: 'wasm' });
});

const { layers } = tfl;

/** These draw without a seed, so that only their gradient without noise can be compared. */
const withoutNoise: typeof LAYER_SAMPLES = {
  AlphaDropout: [() => layers.alphaDropout({ rate: 0 })],
  GaussianDropout: [() => layers.gaussianDropout({ rate: 0 })],
  GaussianNoise: [() => layers.gaussianNoise({ stddev: 0 })],
};

const samples = Object.entries({ ...LAYER_SAMPLES, ...withoutNoise });

/** Classes that are written in others. */
const rewritten = new Set(['Identity', 'Subtract', 'SpatialDropout2D', 'ActivityRegularization']);

type MakeNet = () => tfl.LayersModel;

/** A network of a convolution, what is tried, and a dense layer. */
function netWith(
  middle: (conv: (seed: number) => tfl.SymbolicTensor) => tfl.SymbolicTensor,
): tfl.LayersModel {
  const input = tfl.input({ shape: [6, 6, 1] });
  const seeded = (seed: number) => ({ kernelInitializer: tfl.initializers.heNormal({ seed }) });
  const tried = middle(seed =>
    oneOf(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', ...seeded(seed) }).apply(input)),
  );
  const flat = tried.shape.length === 2 ? tried : oneOf(layers.flatten().apply(tried));
  return tfl.model({ inputs: input, outputs: oneOf(layers.dense({ units: 3, ...seeded(3) }).apply(flat)) });
}

function oneOf(output: ReturnType<tfl.layers.Layer['apply']>): tfl.SymbolicTensor {
  if (output instanceof tfl.SymbolicTensor) return output;
  throw new Error('one output expected');
}

const nets: readonly (readonly [string, MakeNet])[] = [
  ...samples.flatMap(([name, makes]) =>
    makes.map(
      (make, i) => [`${name}, sample ${i + 1}`, () => netWith(conv => oneOf(make().apply(conv(1))))] as const,
    ),
  ),
  ...Object.entries(JOINT_SAMPLES).map(
    ([name, make]) => [name, () => netWith(conv => oneOf(make().apply([conv(1), conv(2)])))] as const,
  ),
];

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
  it('is among the samples', () => {
    const tried = [
      inputLayerClass,
      ...rewritten,
      ...samples.map(([name]) => name),
      ...Object.keys(JOINT_SAMPLES),
    ];
    expect(Object.keys(layerClasses).filter(name => !tried.includes(name))).toEqual([]);
  });

  it.each(nets)('trains on WASM with the CPU backend’s gradients: %s', async (_, make) => {
    const model = make();
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
