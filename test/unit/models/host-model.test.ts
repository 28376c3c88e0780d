import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildModel } from '../../../client/trainer/build-model.ts';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { readHostModel } from '../../../client/trainer/models/host-model.ts';
import { SegmentModels } from '../../../client/trainer/segment-models.ts';
import type { ModelFiles } from '../../../client/trainer/trainer-api.ts';
import { modelOutlineSchema } from '../../../shared/protocol/model-outline.ts';
import { segmentFiles } from '../../support/local-trainer.ts';
import {
  called2,
  called3,
  conv3,
  dense3,
  functional,
  input3,
  keras3,
  modelFiles,
  sequential3,
} from './keras-models.ts';

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

const request = { name: 'brought', inputShape: [8, 8, 1], classes: 3, seed: 1 } as const;
const read = (files: ModelFiles) => readHostModel(request, files);

const pool3 = (name: string) =>
  keras3('MaxPooling2D', name, { pool_size: [2, 2], strides: [2, 2], padding: 'valid' });
const flatten = keras3('Flatten', 'flatten', { data_format: 'channels_last' });

const chainWeights: [string, number[]][] = [
  ['sequential_7/conv_a/kernel', [3, 3, 1, 4]],
  ['sequential_7/conv_a/bias', [4]],
  ['sequential_7/conv_b/kernel', [3, 3, 2, 4]],
  ['sequential_7/conv_b/bias', [4]],
  ['sequential_7/classes/kernel', [16, 3]],
  ['sequential_7/classes/bias', [3]],
];
const chain = sequential3(
  input3([8, 8, 1]),
  conv3('conv_a', 4, { kernel_regularizer: { class_name: 'L2', config: { l2: 0.01 } } }),
  pool3('pool_a'),
  conv3('conv_b', 4, { groups: 2 }),
  pool3('pool_b'),
  flatten,
  dense3('classes', 3),
);

/** conv, then a block of two convolutions with a skip, then classes. */
const blockLayers = [
  conv3('first', 4, { activation: 'linear' }),
  keras3('BatchNormalization', 'norm', {
    axis: 3,
    momentum: 0.99,
    epsilon: 0.001,
    center: true,
    scale: true,
  }),
  keras3('Activation', 'relu', { activation: 'relu' }),
  conv3('second', 4),
  keras3('Add', 'sum', {}),
  keras3('GlobalAveragePooling2D', 'mean', { data_format: 'channels_last', keepdims: false }),
  dense3('classes', 3, { activation: 'linear' }),
];
const blockInputs = [['pictures'], ['first'], ['norm'], ['relu'], ['relu', 'second'], ['sum'], ['mean']];
const blockWeights: [string, number[]][] = [
  ['first/kernel', [3, 3, 1, 4]],
  ['first/bias', [4]],
  ...['gamma', 'beta', 'moving_mean', 'moving_variance'].map((w): [string, number[]] => [`norm/${w}`, [4]]),
  ['second/kernel', [3, 3, 4, 4]],
  ['second/bias', [4]],
  ['classes/kernel', [4, 3]],
  ['classes/bias', [3]],
];

const block = (call: typeof called2) =>
  functional(
    [
      call(input3([null, null, 1])),
      ...blockLayers.map((layer, i) => call(layer, ...(blockInputs[i] ?? []))),
    ].map((layer, i) => (i === 0 ? { ...layer, inbound_nodes: [] } : layer)),
    'classes',
  );

const layersOf = (model: tfl.LayersModel): string[] => model.layers.map(layer => layer.getClassName());

describe('a Keras model', () => {
  it('that is a chain is read: a grouped convolution found, the softmax and the penalty left out and told', async () => {
    const { model, notes, graph } = await read(modelFiles(chain, chainWeights));
    expect(layersOf(model)).toEqual([
      'InputLayer',
      'Conv2D',
      'MaxPooling2D',
      'GroupedConv2D',
      'MaxPooling2D',
      'Flatten',
      'Dense',
    ]);
    expect(notes).toEqual([
      "kernel_regularizer of layer conv_a left out: the run's weight decay is used",
      'the softmax of layer classes left out: what is trained, and exported, puts out logits',
    ]);
    expect(graph.layers.at(-1)?.config.activation).toBe('linear');
    model.dispose();
  });

  it('keeps its weights, each where it belongs', async () => {
    const { model } = await read(modelFiles(chain, chainWeights));
    const [kernel, bias] = model.getLayer('conv_b').getWeights();
    const before = 36 + 4;
    const wanted = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => Math.fround((((from + i) % 13) - 6) / 20));
    expect(Array.from(kernel?.dataSync() ?? [])).toEqual(wanted(before, 72));
    expect(Array.from(bias?.dataSync() ?? [])).toEqual(wanted(before + 72, 4));
    model.dispose();
  });

  it.each([
    ['2', called2],
    ['3', called3],
  ])(
    'that is a graph is read as Keras %s writes it, and cut beside its skip, never within',
    async (_, call) => {
      const { model, cuts, notes } = await read(modelFiles(block(call), blockWeights));
      expect(notes).toEqual([]);
      expect(['relu', 'sum', 'norm', 'first']).toContain(cuts[0]);
      expect(model.inputs[0]?.shape).toEqual([null, 8, 8, 1]);
      model.dispose();
    },
  );

  it('becomes a run’s model whose segments make the whole again, moving statistics included', async () => {
    const files = modelFiles(block(called3), blockWeights);
    const built = await buildModel({ ...request, files });
    const outline = modelOutlineSchema.parse(built.outline);
    expect(outline.segments.map(({ id }) => id)).toEqual(['segment-1', 'segment-2', 'head-1']);
    expect(outline.segments.flatMap(({ tensors }) => tensors.map(({ name }) => name))).toContain(
      'norm/moving_variance',
    );
    const segments = new SegmentModels();
    const downloaded = segmentFiles(built);
    const { model: whole } = await read(files);
    const pictures = tf.randomUniform([2, 8, 8, 1], 0, 1, 'float32', 3);
    let x: tf.Tensor = pictures;
    for (const id of ['segment-1', 'segment-2']) {
      const { model } = await segments.load(downloaded[id] ?? never());
      x = model.predict(x) as tf.Tensor;
    }
    expect(Array.from(x.dataSync())).toEqual(Array.from((whole.predict(pictures) as tf.Tensor).dataSync()));
    segments.dispose();
    whole.dispose();
  });

  it('of Keras 3 keeps its slope below zero, and is told that pictures are in [0, 1] already', async () => {
    const scaled = keras3('Rescaling', 'scale', { scale: 1 / 255, offset: 0 });
    const leaky = keras3('LeakyReLU', 'leaky', { negative_slope: 0.25 });
    const layers = [scaled, conv3('a', 3), leaky, flatten, dense3('classes', 3)];
    const { model, notes } = await read(topology(sequential3(input3([8, 8, 1]), ...layers)));
    expect(model.getLayer('leaky').getConfig()).toMatchObject({ alpha: 0.25 });
    expect(notes[0]).toBe('layer scale is kept: it is given pictures in [0, 1], not in [0, 255]');
    model.dispose();
  });

  it('without weights starts from its own initialisers', async () => {
    const { modelJson } = modelFiles(chain, []);
    const { weightsManifest: _, ...bare } = JSON.parse(new TextDecoder().decode(modelJson));
    const files = { modelJson: new TextEncoder().encode(JSON.stringify(bare)), weights: {} };
    const { model } = await read(files);
    expect(
      model
        .getWeights()[0]
        ?.dataSync()
        .some(value => value !== 0),
    ).toBe(true);
    model.dispose();
  });
});

describe('a model is refused with the reason', () => {
  const classes = dense3('classes', 3);
  const usedUp = [
    ...[0, 1, 2, 3].map(i => pool3(`pool${i}`)),
    keras3('GlobalMaxPooling2D', 'max', { data_format: 'channels_last' }),
    classes,
  ];
  const refusals: [string, ModelFiles, string][] = [
    ['a file that is no JSON', { modelJson: new Uint8Array([1, 2]), weights: {} }, 'it is not JSON'],
    ['a graph model', json({ format: 'graph-model', modelTopology: {} }), 'this is a graph model'],
    ['another JSON', json({ modelTopology: { nodes: [] } }), 'it has no class_name'],
    [
      'layers nobody knows',
      topology(sequential3(input3([8, 8, 1]), keras3('Lambda', 'own', {}))),
      'class Lambda',
    ],
    [
      'a model within a model',
      topology(sequential3(input3([8, 8, 1]), keras3('Functional', 'backbone', {}))),
      'layer backbone is of class Functional',
    ],
    [
      'pictures of another size',
      topology(sequential3(input3([28, 28, 1]), flatten, classes)),
      "takes inputs of 28 × 28 × 1, the data's pictures are 8 × 8 × 1",
    ],
    [
      'an input that is no picture',
      topology(sequential3(input3([64]), classes)),
      'takes inputs of 64, the data',
    ],
    [
      'another number of classes',
      topology(sequential3(input3([8, 8, 1]), conv3('a', 2), flatten, dense3('classes', 4))),
      'puts out 4 numbers a picture, the data has 3 classes',
    ],
    [
      'several inputs',
      topology(
        functional([input3([8, 8, 1])], 'classes', [
          ['a', 0, 0],
          ['b', 0, 0],
        ]),
      ),
      'takes 2 inputs',
    ],
    [
      'a shared layer',
      topology(
        functional(
          [
            input3([8, 8, 1]),
            { ...conv3('a', 1), inbound_nodes: [[['pictures', 0, 0, {}]], [['a', 0, 0, {}]]] },
          ],
          'a',
        ),
      ),
      'layer a is used 2 times',
    ],
    [
      'pools that leave nothing',
      topology(sequential3(input3([8, 8, 1]), conv3('a', 3), ...usedUp)),
      'used up before layer pool3',
    ],
    ['channels first', chainWith({ data_format: 'channels_first' }), 'has the channels first'],
    ['dilation', chainWith({ dilation_rate: [2, 2] }), 'is a dilated convolution'],
    ['half precision', chainWith({ dtype: 'mixed_float16' }), 'computes in mixed_float16'],
    [
      'an unknown activation',
      chainWith({ activation: 'sparkle' }),
      'brought cannot be built: Unknown activation',
    ],
    [
      'nothing to cut between',
      topology(sequential3(input3([8, 8, 1]), flatten, classes)),
      'cannot be cut in two',
    ],
    [
      'a missing file of weights',
      { ...modelFiles(chain, chainWeights), weights: {} },
      'group1-shard1of1.bin',
    ],
    ['a missing weight', modelFiles(chain, chainWeights.slice(0, 4)), 'has no weight classes/kernel'],
    [
      'a weight of another shape',
      modelFiles(
        chain,
        chainWeights.map(([name, shape]) => [name, shape[0] === 16 ? [8, 6] : shape]),
      ),
      'weight classes/kernel is [8,6], its layer wants [16,3]',
    ],
    ['whole numbers as weights', modelFiles(chain, chainWeights, 'int32'), 'is of type int32'],
    [
      'too short a file',
      { ...modelFiles(chain, chainWeights), weights: { 'group1-shard1of1.bin': new Uint8Array(8) } },
      'do not hold the weights',
    ],
  ];

  it.each(refusals)('%s', async (_, files, reason) => {
    await expect(read(files)).rejects.toThrow(reason);
  });

  it('a skip over everything', async () => {
    const layers = [
      called2(input3([8, 8, 1])),
      called2(conv3('a', 1), 'pictures'),
      called2(conv3('b', 1), 'a'),
      called2(keras3('Add', 'sum', {}), 'b', 'pictures'),
      called2(flatten, 'sum'),
    ];
    const small = { ...request, classes: 64 };
    const files = topology(functional(layers, 'flatten'));
    await expect(readHostModel(small, files)).rejects.toThrow(
      'a skip connection goes past every one of them',
    );
  });
});

function json(value: unknown): ModelFiles {
  return { modelJson: new TextEncoder().encode(JSON.stringify(value)), weights: {} };
}

function topology(modelTopology: unknown): ModelFiles {
  return json({ format: 'layers-model', modelTopology });
}

function chainWith(config: Record<string, unknown>): ModelFiles {
  return topology(sequential3(input3([8, 8, 1]), conv3('a', 4, config), flatten, dense3('classes', 3)));
}

function never(): never {
  throw new Error('missing');
}
