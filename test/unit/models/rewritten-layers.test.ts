import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { readHostModel } from '../../../client/trainer/models/host-model.ts';
import { ModelRefusal } from '../../../client/trainer/models/model-graph.ts';
import {
  bareFile,
  called2,
  called3,
  conv3,
  dense3,
  flatten,
  functional,
  input3,
  keras3,
  modelFiles,
  sequential3,
} from './keras-models.ts';
import {
  classesOf,
  type Layer,
  logits,
  namesOf,
  picture,
  read,
  readChain,
  request,
  useCpuBackend,
} from './read-brought.ts';

useCpuBackend();

describe('layers that are added have names of their own', () => {
  it('a layer that bears such a name keeps it, and none is lost', async () => {
    const found = await readChain(
      ...[
        conv3('conv', 2, { activation: 'leaky_relu' }),
        keras3('Activation', 'conv-activation', { activation: 'tanh' }),
      ],
      ...[flatten, logits],
    );
    expect(classesOf(found)).toEqual(['InputLayer', 'Conv2D', 'LeakyReLU', 'Activation', 'Flatten', 'Dense']);
    expect(namesOf(found)).toContain('conv-activation-2');
    found.model.dispose();
  });

  it('also if it stands further on, or before', async () => {
    const swish = keras3('Activation', 'act', { activation: 'hard_silu' });
    for (const layers of [
      [conv3('act-1', 2), swish],
      [swish, conv3('act-1', 2)],
    ]) {
      const found = await readChain(...layers, flatten, dense3('hidden', 3), logits);
      expect(new Set(namesOf(found)).size).toBe(namesOf(found).length);
      expect(found.model.predict(tf.ones([1, 8, 8, 1]))).toBeDefined();
      found.model.dispose();
    }
  });
});

describe('an activation', () => {
  /** What the activation makes of these numbers, in a network of Keras 3 as tf.layers computes it. */
  async function applied(activation: unknown, values: readonly number[]): Promise<number[]> {
    const act = keras3('Activation', 'act', { activation });
    const inputShape = [1, values.length, 1] as const;
    const files = bareFile(sequential3(input3(inputShape), act, flatten, dense3('hidden', 2), logits));
    const { model } = await readHostModel({ ...request, inputShape }, files);
    const upTo = tfl.model({ inputs: model.inputs, outputs: model.getLayer('act').output });
    const y = upTo.predict(tf.tensor([...values], [1, ...inputShape])) as tf.Tensor;
    const numbers = [...y.dataSync()];
    model.dispose();
    return numbers;
  }

  it.each<[string, unknown, readonly number[]]>([
    ['hard_sigmoid of Keras 3', 'hard_sigmoid', [0, (3 - 1.942) / 6, 0.5, 1]],
    [
      'in a layer Activation',
      { class_name: 'Activation', config: { activation: 'hard_sigmoid' } },
      [0, (3 - 1.942) / 6, 0.5, 1],
    ],
    ['leaky_relu by name', 'leaky_relu', [-0.8, -0.3884, 0, 4]],
    ['a layer LeakyReLU', { class_name: 'LeakyReLU', config: { negative_slope: 0.5 } }, [-2, -0.971, 0, 4]],
    ['hard_silu', 'hard_silu', [0, (-1.942 * (3 - 1.942)) / 6, 0, 4]],
    ['hard_tanh', 'hard_tanh', [-1, -1, 0, 1]],
    ['gelu_new, whose input goes in three times', 'gelu_new', [-0.0000701, -0.0504, 0, 3.99993]],
    ['silu', 'silu', [-0.07194, -0.24349, 0, 3.92806]],
  ])('%s', async (_, activation, wanted) => {
    const found = await applied(activation, [-4, -1.942, 0, 4]);
    for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 3);
  });

  it.each([
    'sparkle',
    'constructor',
    { class_name: 'Activation', config: { activation: { class_name: 'Own' } } },
  ])('that is not known is refused: %s', async activation => {
    await expect(readChain(conv3('conv', 2, { activation }), flatten, logits)).rejects.toBeInstanceOf(
      ModelRefusal,
    );
  });
});

describe('sizes that tf.layers leaves open are written', () => {
  it('a pool that keeps its dimensions goes into a squeeze-and-excitation block', async () => {
    const layers = [
      called3(conv3('conv', 4), 'pictures'),
      called3(keras3('GlobalAveragePooling2D', 'squeeze', { keepdims: true }), 'conv'),
      called3(conv3('reduce', 2, { kernel_size: [1, 1] }), 'squeeze'),
      called3(conv3('expand', 4, { kernel_size: [1, 1], activation: 'hard_sigmoid' }), 'reduce'),
      called3(keras3('Multiply', 'excite', {}), 'conv', 'expand'),
      called3(keras3('Reshape', 'flat', { target_shape: [-1] }), 'excite'),
      called3(logits, 'flat'),
    ];
    const found = await read(bareFile(functional([{ ...picture, inbound_nodes: [] }, ...layers], 'classes')));
    expect(found.model.getLayer('flat').outputShape).toEqual([null, 256]);
    expect(found.model.getLayer('squeeze').outputShape).toEqual([null, 1, 1, 4]);
    found.model.dispose();
  });

  it('an axis counted from the last is the same axis in a concatenation', async () => {
    const layers = [
      called2(conv3('a', 2), 'pictures'),
      called2(conv3('b', 2), 'pictures'),
      called2(keras3('Concatenate', 'joined', { axis: -2 }), 'a', 'b'),
      called2(conv3('conv', 2), 'joined'),
      called2(flatten, 'conv'),
      called2(logits, 'flatten'),
    ];
    const found = await read(bareFile(functional([{ ...picture, inbound_nodes: [] }, ...layers], 'classes')));
    expect(found.model.getLayer('joined').outputShape).toEqual([null, 8, 16, 2]);
    const features = found.model.apply(tf.ones([1, 8, 8, 1])) as tf.Tensor;
    expect(features.shape).toEqual([1, 3]);
    found.model.dispose();
  });
});

describe('what a network ends with', () => {
  const softmax = keras3('Softmax', 'soft', { axis: -1 });
  const linear = keras3('Activation', 'as_float', { activation: 'linear' });
  const view = keras3('Reshape', 'view', { target_shape: [3] });
  const probable = dense3('classes', 3);

  it.each<[string, Layer[]]>([
    ['softmax', [probable]],
    ['a layer Softmax', [logits, softmax]],
    ['softmax and a reshape, as MobileNet', [probable, view]],
    ['softmax and a linear activation, as mixed precision', [probable, linear]],
    ['softmax, then two views', [logits, softmax, view, linear]],
    ['a sigmoid for each class', [dense3('classes', 3, { activation: 'sigmoid' })]],
  ])('%s is left out', async (_, end) => {
    const found = await readChain(conv3('conv', 2), flatten, ...end);
    expect(
      found.graph.layers.some(
        ({ className, config }) => className === 'Softmax' || config.activation === 'softmax',
      ),
    ).toBe(false);
    expect(found.notes).toEqual([expect.stringMatching(/^the (softmax|sigmoid) of layer \w+ left out/)]);
    found.model.dispose();
  });

  it('another activation stays, and its owner is told', async () => {
    const found = await readChain(conv3('conv', 2), flatten, dense3('classes', 3, { activation: 'relu' }));
    expect(found.notes).toEqual([
      'the network ends with relu (layer classes): its numbers are taken for logits',
    ]);
    found.model.dispose();
  });
});

describe('a file that says less than it could', () => {
  it('of Keras 3 without its version means what Keras 3 means', async () => {
    const { keras_version: _, ...bare } = sequential3(
      picture,
      conv3('conv', 2, { activation: 'hard_sigmoid' }),
      flatten,
      logits,
    );
    const found = await read(bareFile(bare));
    expect(classesOf(found)).toContain('ReLU');
    found.model.dispose();
  });

  it('starts kernels from Glorot’s uniform distribution, as Keras does', async () => {
    const bare = (layer: Layer): Layer => {
      const { kernel_initializer: _, ...config } = layer.config as Layer;
      return { ...layer, config };
    };
    const found = await readChain(bare(conv3('conv', 2)), flatten, bare(logits));
    for (const name of ['conv', 'classes'])
      expect(found.model.getLayer(name).getConfig().kernelInitializer).toMatchObject({
        config: { distribution: 'uniform' },
      });
    found.model.dispose();
  });

  it('with statistics that cannot be is refused, because every update would be', async () => {
    const norm = keras3('BatchNormalization', 'norm', { axis: -1, center: false, scale: false });
    const weights: [string, number[]][] = [
      ['norm/moving_mean', [1]],
      ['norm/moving_variance', [1]],
      ['conv/kernel', [3, 3, 1, 2]],
      ['conv/bias', [2]],
      ['classes/kernel', [128, 3]],
      ['classes/bias', [3]],
    ];
    const files = modelFiles(sequential3(picture, norm, conv3('conv', 2), flatten, logits), weights);
    const values = new Float32Array(files.weights['group1-shard1of1.bin'].slice().buffer);
    for (const [statistics, why] of [
      [[1e9, 1], 'the moving mean of layer norm is 1000000000'],
      [[0, -5], 'the moving variance of layer norm is -5: no variance is below zero'],
      [[0, Number.NaN], 'the moving variance of layer norm is not a finite number'],
    ] as const) {
      values.set(statistics);
      const changed = {
        ...files,
        weights: { 'group1-shard1of1.bin': new Uint8Array(values.slice().buffer) },
      };
      await expect(read(changed)).rejects.toThrow(why);
    }
  });
});

it('a refusal leaves no tensor', async () => {
  const before = tf.memory().numTensors;
  const refused = [
    readChain(conv3('conv', 2), keras3('PReLU', 'slopes', { shared_axes: [9] }), flatten, logits),
    readChain(conv3('conv', 2), keras3('Rescaling', 'scale', { scale: 1e39, offset: 0 }), flatten, logits),
    readChain(flatten, logits),
    readChain(conv3('conv', 2), flatten, dense3('classes', 4)),
  ];
  for (const reading of refused) await expect(reading).rejects.toBeInstanceOf(ModelRefusal);
  expect(tf.memory().numTensors).toBe(before);
});
