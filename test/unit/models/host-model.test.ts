import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { buildModel } from '../../../client/trainer/models/build-model.ts';
import { readHostModel } from '../../../client/trainer/models/host-model.ts';
import { SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { ModelFiles } from '../../../client/trainer/trainer-api.ts';
import { modelOutlineSchema } from '../../../shared/protocol/model-outline.ts';
import { segmentFiles } from '../../support/local-trainer.ts';
import {
  bareFile,
  called2,
  called3,
  chain,
  chainWeights,
  conv3,
  dense3,
  flatten,
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
  it('that is a chain is read: a grouped convolution is found, the softmax and the penalty are left out and reported', async () => {
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
      'kernel_regularizer of layer conv_a left out: the run uses its own weight decay',
      'the softmax of layer classes left out: the network is trained and exported with logits as its output',
    ]);
    expect(graph.layers.at(-1)?.config.activation).toBe('linear');
    model.dispose();
  });

  it('keeps its weights, each in its place', async () => {
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
    'that is a graph is read as Keras %s writes it, and cut beside its skip, never inside it',
    async (_, call) => {
      const { model, cuts, notes } = await read(modelFiles(block(call), blockWeights));
      expect(notes).toEqual([]);
      expect(['relu', 'sum', 'norm', 'first']).toContain(cuts[0]);
      expect(model.inputs[0]?.shape).toEqual([null, 8, 8, 1]);
      model.dispose();
    },
  );

  it('becomes a run’s model; its segments together are the whole again, with moving statistics', async () => {
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

  it('of Keras 3 keeps its slope below zero, and what divides pictures by 255 is left out, because here they are in [0, 1]', async () => {
    const scaled = keras3('Rescaling', 'scale', { scale: 1 / 255, offset: 0 });
    const leaky = keras3('LeakyReLU', 'leaky', { negative_slope: 0.25 });
    const layers = [scaled, conv3('a', 3), leaky, flatten, dense3('classes', 3)];
    const { model, notes } = await read(bareFile(sequential3(input3([8, 8, 1]), ...layers)));
    expect(model.getLayer('leaky').getConfig()).toMatchObject({ alpha: 0.25 });
    expect(notes[0]).toBe(
      'layer scale (Rescaling) left out: it is written for pictures in [0, 255], and here they are in [0, 1]',
    );
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

function never(): never {
  throw new Error('missing');
}
