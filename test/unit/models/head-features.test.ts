import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { buildModel } from '../../../client/trainer/models/build-model.ts';
import { buildHead } from '../../../client/trainer/models/heads/build-head.ts';
import { comesActivated } from '../../../client/trainer/models/heads/linear-head.ts';
import type { GraphLayer } from '../../../client/trainer/models/model-graph.ts';
import { buildZooModel } from '../../../client/trainer/models/model-zoo.ts';
import { graphOf } from '../../../client/trainer/models/topology/read-topology.ts';
import { type HeadStyle, headStyles } from '../../../shared/protocol/head-style.ts';
import { headOf } from '../../../shared/protocol/model-outline.ts';

beforeAll(async () => {
  await createTrainer().start({ backend: 'wasm' });
});

const cifar = [32, 32, 3] as const;

describe('the features of a head', () => {
  const zoo = (): tfl.LayersModel =>
    buildZooModel({ name: 'cnn-5', inputShape: cifar, classes: 10, seed: 1 });
  const kernelOf = (style: HeadStyle, featureShape: readonly number[]): (number | null)[] => {
    const model = zoo();
    const hanging = { model, graph: graphOf(model), after: 'mean' };
    const request = { name: 'head-1', classes: 10, seed: 1, featureShape, networkMacs: 29e6 };
    const head = buildHead(style, request, hanging);
    const shape = head.getLayer('head-1-logits').weights[0]?.shape ?? [];
    tf.dispose([head.getWeights(), model.getWeights()]);
    return shape;
  };

  it.each([
    [[8, 8, 64], 4_096],
    [[32, 32, 16], 16_384],
    [[32, 32, 17], 4_352],
    [[64, 64, 16], 16_384],
    [[1, 1, 20_000], 20_000],
  ])('are all seen by a dense one, averaged where they are more than 16,384: %j', (shape, count) => {
    expect(kernelOf('dense', shape)).toEqual([count, 10]);
  });

  it.each(headStyles)('may be numbers that are no picture: %s', style => {
    expect(kernelOf(style, [96])).toEqual([96, 10]);
  });
});

it.each([
  ['densenet-28-12', 'block1-layer3-concat', ['GroupNormalization', 'Activation']],
  ['densenet-28-12', 'transition1-pool', ['GroupNormalization', 'Activation']],
  ['vgg16-quarter', 'pool3', []],
  ['resnext20-8x4', 'stage1-block2-relu', []],
  ['cnn', 'pool1', []],
])('a linear head norms and activates what no ReLU has put out: %s after %s', async (name, cut, first) => {
  const { outline } = await buildModel({ name, inputShape: cifar, classes: 10, seed: 1, cuts: [cut] });
  const layers = headOf(outline, 'segment-1')?.layers ?? [];
  expect(layers.filter(layer => !['AveragePooling2D', 'Flatten', 'Dense'].includes(layer))).toEqual(first);
});

describe('the features of a host’s network', () => {
  const layer = (className: string, config: object, ...inputs: string[]): GraphLayer => ({
    name: className,
    className,
    config: { ...config },
    inputs,
  });
  const isActivated = (...layers: GraphLayer[]): boolean =>
    comesActivated({ name: 'own', layers }, layers.at(-1)?.name ?? '');
  const conv = layer('Conv2D', { activation: 'relu' });

  it('come activated from an activation, a layer’s or a layer’s setting, even if pooled or padded behind it', () => {
    expect(isActivated(conv)).toBe(true);
    expect(isActivated(conv, layer('MaxPooling2D', {}, 'Conv2D'))).toBe(true);
    expect(isActivated(conv, layer('ZeroPadding2D', {}, 'Conv2D'))).toBe(true);
    expect(isActivated(layer('Activation', { activation: 'elu' }))).toBe(true);
    expect(isActivated(layer('ReLU', { max_value: 6 }))).toBe(true);
  });

  it('do not come activated from a layer without an activation, or with the linear one', () => {
    expect(isActivated(layer('Conv2D', { activation: 'linear' }))).toBe(false);
    expect(isActivated(layer('Activation', { activation: 'linear' }))).toBe(false);
    expect(isActivated(conv, layer('BatchNormalization', {}, 'Conv2D'))).toBe(false);
    expect(isActivated(conv, layer('Concatenate', {}, 'Conv2D', 'Conv2D'))).toBe(false);
  });
});
