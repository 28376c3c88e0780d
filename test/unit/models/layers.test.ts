import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { BatchNormalization } from '../../../client/trainer/layers/batch-normalization.ts';
import { GroupNormalization } from '../../../client/trainer/layers/group-normalization.ts';
import { GroupedConv2D } from '../../../client/trainer/layers/grouped-conv2d.ts';
import { registerLayers } from '../../../client/trainer/layers/register-layers.ts';
import { heInitializer } from '../../../client/trainer/models/he-initializer.ts';

beforeAll(async () => {
  registerLayers();
  registerCpuKernels();
  await tf.setBackend('cpu');
});

const pictures = (channels: number): tf.Tensor => tf.randomNormal([3, 5, 5, channels], 2, 3, 'float32', 1);

const sequence = (...layers: tfl.layers.Layer[]): tfl.Sequential => tfl.sequential({ layers });

const run = (model: tfl.LayersModel, x: tf.Tensor, training = false): tf.Tensor =>
  model.apply(x, { training }) as tf.Tensor;

const reload = async (model: tfl.LayersModel): Promise<tfl.LayersModel> => {
  const copy = await tfl.models.modelFromJSON(JSON.parse(JSON.stringify(model.toJSON(null, false))));
  copy.setWeights(model.getWeights());
  return copy;
};

const numbers = (tensor: tf.Tensor | undefined): number[] => Array.from(tensor?.dataSync() ?? []);

describe('our layers', () => {
  it('are the same after a way through JSON, with their weights and names', async () => {
    const model = sequence(
      new GroupedConv2D({
        filters: 6,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        groups: 2,
        activation: 'relu',
        inputShape: [5, 5, 4],
        kernelInitializer: tfl.initializers.heNormal({ seed: 3 }),
        biasInitializer: 'ones',
        name: 'grouped',
      }),
      new GroupNormalization({ groups: 3, epsilon: 0.5, gammaInitializer: 'ones', name: 'group-norm' }),
      new GroupNormalization({ groups: -1, center: false, scale: false, name: 'instance-norm' }),
      new BatchNormalization({ momentum: 0.9, scale: false, name: 'batch-norm' }),
    );
    const copy = await reload(model);
    expect(copy.toJSON(null, false)).toEqual(model.toJSON(null, false));
    expect(copy.weights.map(({ originalName }) => originalName)).toEqual([
      'grouped/kernel',
      'grouped/bias',
      'group-norm/gamma',
      'group-norm/beta',
      'batch-norm/beta',
      'batch-norm/moving_mean',
      'batch-norm/moving_variance',
    ]);
    expect(copy.layers.map(layer => layer.constructor)).toEqual(model.layers.map(layer => layer.constructor));
    expect(numbers(run(copy, pictures(4)))).toEqual(numbers(run(model, pictures(4))));
    expect(run(model, pictures(4)).shape).toEqual([3, ...model.outputShape.slice(1)]);
  });

  it('initialise a grouped convolution by the fan-in of a group, not of all channels', () => {
    const kernelInitializer = heInitializer(1);
    const model = sequence(
      new GroupedConv2D({
        filters: 512,
        kernelSize: 3,
        groups: 8,
        inputShape: [5, 5, 64],
        kernelInitializer,
      }),
    );
    const kernel = model.getWeights()[0] ?? tf.scalar(0);
    expect(kernel.shape).toEqual([3, 3, 8, 512]);
    const variance = numbers(tf.mean(tf.square(kernel)))[0] ?? 0;
    // He: 2 / fan-in; 36,864 draws come within a few per cent.
    expect(variance * 9 * 8).toBeGreaterThan(1.9);
    expect(variance * 9 * 8).toBeLessThan(2.1);
  });

  it.each([
    ['groups that do not divide', { filters: 6, kernelSize: 3, groups: 4 }, '4 groups'],
    ['another padding', { filters: 6, kernelSize: 3, padding: 'causal' }, 'padding causal is not offered'],
    [
      'an initialiser nobody knows',
      { filters: 6, kernelSize: 3, kernelInitializer: 'lucky' },
      'no initializer Lucky',
    ],
  ])('refuse %s', (_, args, reason) => {
    expect(() => sequence(new GroupedConv2D({ ...args, inputShape: [5, 5, 4] }))).toThrow(reason);
  });
});

describe('batch normalisation', () => {
  const pair = (): [tfl.Sequential, tfl.Sequential] => {
    const args = { momentum: 0.7, epsilon: 0.01, inputShape: [5, 5, 4] };
    return [sequence(new BatchNormalization(args)), sequence(tfl.layers.batchNormalization(args))];
  };

  it('has the stock layer’s output in training and inference, and moves its statistics in the same way', () => {
    const [ours, stock] = pair();
    for (const training of [true, true, false]) {
      const [given, wanted] = [run(ours, pictures(4), training), run(stock, pictures(4), training)];
      for (const [i, value] of numbers(wanted).entries()) expect(numbers(given)[i]).toBeCloseTo(value, 4);
      for (const [w, weight] of stock.getWeights().entries())
        for (const [i, value] of numbers(weight).entries())
          expect(numbers(ours.getWeights()[w])[i]).toBeCloseTo(value, 4);
    }
    const [, , movingMean] = ours.getWeights();
    expect(numbers(movingMean).every(value => value !== 0)).toBe(true);
  });

  it('has the stock layer’s gradients', () => {
    const gradients = pair().map(model => {
      const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
      const target = tf.randomNormal([3, 5, 5, 4], 0, 1, 'float32', 2);
      const loss = () => tf.mean(tf.square(tf.sub(run(model, pictures(4), true), target))) as tf.Scalar;
      const { grads } = tf.variableGrads(loss, variables);
      return variables.flatMap(({ name }) => numbers(grads[name]));
    });
    expect(gradients[0]).toHaveLength(8);
    for (const [i, value] of (gradients[1] ?? []).entries()) expect(gradients[0]?.[i]).toBeCloseTo(value, 4);
  });

  it('keeps its statistics if the layer is not trainable', () => {
    const [ours] = pair();
    for (const layer of ours.layers) layer.trainable = false;
    const before = ours.getWeights().map(numbers);
    const inference = numbers(run(ours, pictures(4), false));
    for (const [i, value] of numbers(run(ours, pictures(4), true)).entries())
      expect(value).toBeCloseTo(inference[i] ?? Number.NaN, 5);
    expect(ours.getWeights().map(numbers)).toEqual(before);
  });
});
