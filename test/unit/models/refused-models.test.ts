import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { GroupNormalization } from '../../../client/trainer/layers/group-normalization.ts';
import { GroupedConv2D } from '../../../client/trainer/layers/grouped-conv2d.ts';
import { readHostModel } from '../../../client/trainer/models/host-model.ts';
import { ModelRefusal } from '../../../client/trainer/models/model-graph.ts';
import { groupNorm } from '../../../client/trainer/ops/group-norm.ts';
import { groupedConvInfo } from '../../../client/trainer/ops/grouped-conv2d.ts';
import {
  bareFile,
  called2,
  conv3,
  dense3,
  functional,
  input3,
  keras3,
  modelFiles,
  sequential3,
} from './keras-models.ts';

type Layer = ReturnType<typeof keras3>;
type Weights = Parameters<typeof modelFiles>[1];

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

const request = { name: 'brought', inputShape: [8, 8, 1], classes: 3, seed: 1 } as const;
const picture = input3([8, 8, 1]);
const flatten = keras3('Flatten', 'flatten', {});
const ends = [flatten, dense3('classes', 3)];

/** A chain of conv, this layer, flatten, dense; without weights. */
const readWith = (layer: Layer) => readChain(conv3('first', 4), layer, ...ends);
const readChain = (...layers: readonly Layer[]) =>
  readHostModel(request, bareFile(sequential3(picture, ...layers)));

describe('a network that tf.layers builds and no volunteer can train is refused when a host brings it', () => {
  const norm = (config: Layer) => keras3('BatchNormalization', 'norm', config);
  const groups = (config: Layer) => keras3('GroupNormalization', 'norm', config);
  const cases: [string, Layer, string][] = [
    ['a softmax over the batch', keras3('Softmax', 'soft', { axis: 0 }), 'axis 0 would mix the examples'],
    [
      'a batch norm of examples',
      norm({ axis: -4 }),
      'norm (BatchNormalization) has axis = -4, which would mix',
    ],
    ['a batch norm of an axis too many', norm({ axis: 4 }), 'has axis = 4, and what comes in has 4 axes'],
    ['less than no groups', groups({ groups: -2 }), 'norm (GroupNormalization) has groups = -2: it must be'],
    ['half a group', groups({ groups: 0.5 }), 'norm (GroupNormalization) has groups = 0.5: it must be'],
    [
      'a convolution in half a group',
      keras3('GroupedConv2D', 'grouped', { filters: 8, kernel_size: 3, padding: 'same', groups: 0.5 }),
      'grouped (GroupedConv2D) has groups = 0.5: it must be',
    ],
    [
      'pictures that do not add up',
      keras3('Reshape', 'reshape', { target_shape: [7, 7, 2] }),
      'layer reshape (Reshape) cannot make [7,7,2] of 8 × 8 × 4: the numbers do not add up',
    ],
    [
      'axes that are not all there',
      keras3('Permute', 'order', { dims: [1, 1, 3] }),
      'order (Permute) has dims = [1,1,3]: it must name each of 3 axes once',
    ],
    ['a sum of one', keras3('Add', 'sum', {}), 'sum (Add) takes 1 inputs: it must take at least 2'],
    [
      'a deviation below zero, which tf.layers would draw for ever',
      conv3('drawn', 2, { kernel_initializer: { class_name: 'TruncatedNormal', config: { stddev: -1 } } }),
      'drawn (Conv2D) has kernel_initializer = {…}: its stddev must be at least 0',
    ],
    [
      'a name that a terminal would follow',
      keras3('Own\u001b[2J\nlayer', 'own', {}),
      'layer own is of class Own [2J layer, which',
    ],
    [
      'a setting as long as a book',
      keras3('LayerNormalization', 'norm', { axis: Array.from({ length: 100_000 }, (_, i) => i + 1) }),
      'layer norm (LayerNormalization) has axis = 4, and what comes in has 4 axes',
    ],
    [
      'more layers than are trained, once activations are written out',
      keras3('Sequential', 'deep', {
        layers: Array.from({ length: 600 }, (_, i) =>
          keras3('Activation', `act${i}`, { activation: 'gelu_new' }),
        ),
      }),
      'layers in the words of tf.layers: at most 2000 are trained here',
    ],
    [
      'numbers beyond all bounds',
      keras3('Rescaling', 'scale', { scale: 1e39, offset: 0 }),
      'layer scale (Rescaling) fails on one example. A result is not a finite number',
    ],
  ];

  it.each(cases)('%s', async (_, layer, reason) => {
    const thrown = await readWith(layer).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ModelRefusal);
    expect(thrown).toHaveProperty('message', expect.stringContaining(reason));
  });

  it('a network that can be trained keeps its weights in the trial, with moving statistics', async () => {
    const weights: Weights = [
      ['first/kernel', [3, 3, 1, 4]],
      ['first/bias', [4]],
      ['norm/gamma', [4]],
      ['norm/beta', [4]],
      ['norm/moving_mean', [4]],
      ['norm/moving_variance', [4]],
      ['classes/kernel', [256, 3]],
      ['classes/bias', [3]],
    ];
    const files = modelFiles(sequential3(picture, conv3('first', 4), norm({ axis: 3 }), ...ends), weights);
    const before = tf.memory().numTensors;
    const { model } = await readHostModel(request, files);
    expect(tf.memory().numTensors).toBe(before + weights.length);
    const [, , mean, variance] = model.getLayer('norm').getWeights();
    const written = (from: number) =>
      Array.from({ length: 4 }, (_, i) => Math.fround((((from + i) % 13) - 6) / 20));
    expect(Array.from(mean?.dataSync() ?? [])).toEqual(written(48));
    expect(Array.from(variance?.dataSync() ?? [])).toEqual(written(52).map(Math.abs));
    model.dispose();
  });
});

describe('groups are a whole number, or the layer or op says so', () => {
  it.each([-2, 0, 0.5, Number.NaN])('%s', groups => {
    expect(() => new GroupNormalization({ groups, name: 'norm' })).toThrow('norm has');
    expect(() => new GroupedConv2D({ filters: 8, kernelSize: 3, groups, name: 'conv' })).toThrow('conv has');
    const attrs = { groups, strides: [1, 1] as [number, number], pad: 'same' as const };
    expect(() => groupedConvInfo([1, 8, 8, 4], [3, 3, 4 / groups, 8], attrs)).toThrow('does not fit');
    const [x, ones] = [tf.zeros([1, 2, 2, 4]), tf.ones([4])];
    expect(() => groupNorm(x, ones, ones, { groups, epsilon: 1e-3 })).toThrow('do not fit');
    tf.dispose([x, ones]);
  });

  it('−1 gives every channel its own group', () => {
    expect(new GroupNormalization({ groups: -1 }).getConfig().groups).toBe(-1);
  });
});

describe('weights are found by their names', () => {
  const weightsOf = (first: string, second: string): Weights => [
    [`${first}/kernel`, [3, 3, 1, 2]],
    [`${first}/bias`, [2]],
    [`${second}/kernel`, [3, 3, 2, 2]],
    [`${second}/bias`, [2]],
    ['classes/kernel', [128, 3]],
    ['classes/bias', [3]],
  ];
  const slashed = sequential3(picture, conv3('a', 2), conv3('block/a', 2), ...ends);

  it.each([
    ['as they are', 'a', 'block/a'],
    ['behind the model’s', 'own/a', 'own/block/a'],
    ['with a scope of old', 'a/scope', 'block/a/scope'],
  ])('%s, slashes in a layer’s name or not', async (_, first, second) => {
    const { model } = await readHostModel(request, modelFiles(slashed, weightsOf(first, second)));
    const [bias] = model.getLayer('block/a').getWeights().slice(1);
    expect(Array.from(bias?.dataSync() ?? [])).toEqual([56, 57].map(i => Math.fround(((i % 13) - 6) / 20)));
    model.dispose();
  });

  it('and a file is found by its own name, not by one that every object inherits', async () => {
    const files = modelFiles(slashed, weightsOf('a', 'block/a'));
    const json = new TextDecoder().decode(files.modelJson).replaceAll('group1-shard1of1.bin', 'constructor');
    const renamed = { modelJson: new TextEncoder().encode(json), weights: {} };
    await expect(readHostModel(request, renamed)).rejects.toThrow('the file of weights constructor');
  });
});

describe('a deep network', () => {
  const deep = (count: number, from: (i: number) => string) =>
    functional(
      [
        called2(picture),
        ...Array.from({ length: count }, (_, i) =>
          called2(keras3('Activation', `layer${i}`, { activation: 'relu' }), from(i)),
        ),
        called2(flatten, `layer${count - 1}`),
        called2(dense3('hidden', 4), 'flatten'),
        called2(dense3('classes', 3), 'hidden'),
      ],
      'classes',
    );
  const before = (i: number): string => (i === 0 ? 'pictures' : `layer${i - 1}`);

  it('of 1,900 layers is read and cut', async () => {
    const { model, cuts } = await readHostModel(request, bareFile(deep(1_900, before)));
    expect(cuts).toEqual(['hidden']);
    model.dispose();
  });

  it('of more than 2,000 layers is refused with the reason', async () => {
    const thrown = await readHostModel(request, bareFile(deep(12_000, before))).catch(
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(ModelRefusal);
    expect(thrown).toHaveProperty('message', expect.stringContaining('at most 2000 are trained here'));
  });

  it('that goes in a circle is refused, and one with two layers of a name', async () => {
    const circle = deep(3, i => `layer${(i + 2) % 3}`);
    await expect(readHostModel(request, bareFile(circle))).rejects.toThrow('go in a circle');
    await expect(readChain(conv3('a', 2), conv3('a', 2), ...ends)).rejects.toThrow(
      'two layers of the name a',
    );
  });
});
