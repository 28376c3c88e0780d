import { firstOf } from '../../support/extent.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { buildZooModel } from '../../../client/trainer/models/model-zoo.ts';

beforeAll(async () => {
  registerCpuKernels();
  await createTrainer().start({ backend: 'wasm' });
});

/** Odd, so that pools and strides meet an edge. */
const SIZE = 7;

/** The gradient of every trainable weight of a whole network, on the backend in use. */
function gradients(model: tfl.LayersModel): Float32Array[] {
  return tf.tidy(() => {
    const x = tf.randomNormal([3, SIZE, SIZE, 3], 0, 1, 'float32', 5);
    const labels = tf.oneHot([0, 4, 9], 10);
    const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
    const loss = (): tf.Scalar =>
      tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor);
    const { grads } = tf.variableGrads(loss, variables);
    return variables.map(({ name }) => Float32Array.from(grads[name]?.dataSync() ?? []));
  });
}

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

it.each(firstOf(2, ['resnext20-8x4', 'densenet-28-12-bn', 'cnn-5', 'vgg16-quarter']))(
  '%s has the CPU backend’s gradients on WASM, through all of its layers',
  name => {
    const model = buildZooModel({ name, inputShape: [SIZE, SIZE, 3], classes: 10, seed: 1 });
    const [wasm = [], cpu = []] = ['wasm', 'cpu'].map(backend => {
      tf.setBackend(backend);
      return gradients(model);
    });
    tf.setBackend('wasm');
    const largest = Math.max(...cpu.map(norm));
    expect(largest).toBeGreaterThan(0);
    for (const [w, wanted] of cpu.entries()) {
      const difference = norm(wanted.map((value, i) => value - (wasm[w]?.[i] ?? Number.NaN)));
      // A bias before a norm has no gradient but rounding, so it is compared with the largest gradient.
      expect(difference, model.trainableWeights[w]?.name).toBeLessThan(1e-3 * norm(wanted) + 1e-5 * largest);
    }
    model.dispose();
  },
);
