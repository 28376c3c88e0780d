import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { buildModel } from '../../../client/trainer/models/build-model.ts';
import { chooseCuts, placesToCut } from '../../../client/trainer/models/choose-cuts.ts';
import { cutModel } from '../../../client/trainer/models/cut-model.ts';
import { outputElements } from '../../../client/trainer/models/layer-cost.ts';
import { type ModelGraph, ModelRefusal } from '../../../client/trainer/models/model-graph.ts';
import { buildZooModel } from '../../../client/trainer/models/model-zoo.ts';
import { graphOf } from '../../../client/trainer/models/topology/read-topology.ts';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import { bodySegments, headOf } from '../../../shared/protocol/model-outline.ts';
import { bareFile, conv3, dense3, input3, keras3, sequential3 } from './keras-models.ts';

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

interface Zoo {
  readonly model: tfl.LayersModel;
  readonly graph: ModelGraph;
}

function zoo(name: string): Zoo {
  const model = buildZooModel({ name, inputShape: [32, 32, 3], classes: 10, seed: 1 });
  return { model, graph: graphOf(model) };
}

/**
 * Memory of the dearest role: 12 bytes for each trained parameter, 4 for each frozen one, and 4 for each number kept
 * of each of 32 examples.
 */
function largestMemory({ model, graph }: Zoo, cuts: readonly string[]): number {
  let frozen = 0;
  const roles = cutModel(model, graph, cuts).map(({ tensors, activations }) => {
    const trained = tensors.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
    const bytes = 12 * trained + 4 * frozen + 4 * 32 * activations;
    frozen += trained;
    return bytes;
  });
  return Math.max(...roles);
}

const features = ({ model }: Zoo, cuts: readonly string[]): number =>
  cuts.reduce((sum, cut) => sum + outputElements(model.getLayer(cut)), 0);

/** Every choice of so many of these, in order. */
function choices(names: readonly string[], count: number): string[][] {
  if (count === 0) return [[]];
  return names.flatMap((name, i) => choices(names.slice(i + 1), count - 1).map(rest => [name, ...rest]));
}

describe('cuts that are chosen', () => {
  it.each([
    ['cnn-5', 2],
    ['cnn-5', 4],
    ['resnext20-8x4', 3],
    ['vgg16-quarter', 3],
    ['densenet-28-12', 3],
  ])('are the best of all for %s in %i: least memory, near that fewest features', (name, segments) => {
    const net = zoo(name);
    const names = placesToCut(net.model, net.graph)
      .slice(1, -1)
      .map(({ after }) => after);
    const all = choices(names, segments - 1).map(cuts => ({
      bytes: largestMemory(net, cuts),
      features: features(net, cuts),
    }));
    const least = Math.min(...all.map(({ bytes }) => bytes));
    const near = all.filter(({ bytes }) => bytes <= 1.05 * least);
    const chosen = chooseCuts(net.model, net.graph, segments);
    expect(chosen).toHaveLength(segments - 1);
    expect(largestMemory(net, chosen)).toBeLessThanOrEqual(1.05 * least);
    expect(features(net, chosen)).toBe(Math.min(...near.map(found => found.features)));
    net.model.dispose();
  });

  it.each([
    ['vgg16', 'pool3', 'conv4-1-relu'],
    ['vgg16-quarter', 'pool3', 'pool2'],
    ['resnext29-32x4', 'stage2-block3-relu', 'stage1-block3-relu'],
    ['resnext29-8x4', 'stage1-block3-relu', 'stage1-block3-relu'],
    ['densenet-40-12', 'transition1-pool', 'block1-layer5-concat'],
    ['cnn-5', 'pool2', 'pool1'],
    ['cnn-3', 'pool1', 'pool1'],
    ['cnn', 'pool1', 'pool1'],
  ])(
    'need no more memory than the published cut: %s after %s, by memory alone after %s',
    (name, published, chosen) => {
      const net = zoo(name);
      expect(chooseCuts(net.model, net.graph, 2)).toEqual([chosen]);
      expect(largestMemory(net, [chosen])).toBeLessThanOrEqual(1.05 * largestMemory(net, [published]));
      net.model.dispose();
    },
  );

  it('are refused if there are too few places; the refusal says how many segments there can be', () => {
    const { model, graph } = zoo('cnn');
    expect(chooseCuts(model, graph, 3)).toEqual(['pool1', 'pool2']);
    expect(() => chooseCuts(model, graph, 4)).toThrow('cnn can be cut into at most 3 segments');
    model.dispose();
  });

  it('stand behind a norm, a ReLU or a pool, and before a flattening', () => {
    const { model, graph } = zoo('cnn-5');
    const places = placesToCut(model, graph).map(({ after }) => after);
    expect(places.slice(1, -1)).toEqual(['conv1-1-relu', 'pool1', 'conv2-1-relu', 'pool2', 'mean']);
    model.dispose();
  });
});

describe('cuts that are asked for', () => {
  const request = { name: 'resnext20-8x4', inputShape: [12, 12, 1], classes: 10, seed: 1 } as const;
  const refused = async (cuts: readonly string[]): Promise<unknown> => {
    const thrown = await buildModel({ ...request, cuts }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ModelRefusal);
    return thrown instanceof Error ? thrown.message : thrown;
  };

  it('are made, each segment but the last with its head, and reported', async () => {
    const cuts = ['stem-relu', 'stage2-block1-relu'];
    const built = await buildModel({ ...request, cuts });
    expect(built.cuts).toEqual(cuts);
    const body = bodySegments(built.outline).map(({ id }) => id);
    expect(body).toEqual(['segment-1', 'segment-2', 'segment-3']);
    expect(body.map(id => headOf(built.outline, id)?.id)).toEqual(['head-1', 'head-2', undefined]);
  });

  it('are refused if there is no such layer; the refusal names some that there are', async () => {
    expect(await refused(['nowhere'])).toMatch(
      /cannot be cut after nowhere: it has no such layer\. It can be cut after stem.* and \d+ other layers$/,
    );
  });

  it('are refused beside a skip connection; the refusal names the nearest cuts', async () => {
    const reason = await refused(['stage2-block1-expand']);
    expect(reason).toContain('more than one tensor crosses there');
    expect(reason).toContain('stage1-block2-relu');
    expect(reason).toContain('stage2-block1-relu');
  });

  it.each([
    ['at the output', ['logits'], 'cannot be cut after logits: a segment would have no layers'],
    ['at the input', ['input'], 'cannot be cut after input: a segment would have no layers'],
    ['twice', ['stem-relu', 'stem-relu'], 'is to be cut after stem-relu twice'],
    [
      'out of order',
      ['mean', 'stem-relu'],
      'stem-relu, which comes before it: name cuts from input to output',
    ],
    [
      'around layers without weights',
      ['stem-norm', 'stem-relu'],
      'segment 2 of resnext20-8x4 has no weights',
    ],
    ['too often', Array.from({ length: 16 }, () => 'stem'), 'is cut 16 times: at most 15 cuts are allowed'],
  ])('are refused %s', async (_, cuts, reason) => {
    expect(await refused(cuts)).toContain(reason);
  });
});

describe('a number of segments that is asked for', () => {
  it.each([0, 1.5, 17])('is refused if it is %d', async segments => {
    const request = { name: 'cnn-5', inputShape: [12, 12, 1], classes: 10, seed: 1, segments } as const;
    await expect(buildModel(request)).rejects.toThrow(`1 to 16 segments, not ${segments}`);
  });

  it('cuts a zoo model, and one of a host', async () => {
    const inputShape = [12, 12, 1] as const;
    const inThree = await buildModel({
      name: 'vgg16-quarter',
      inputShape,
      classes: 10,
      seed: 1,
      segments: 3,
    });
    expect(bodySegments(inThree.outline)).toHaveLength(3);
    const layers = ['a', 'b', 'c'].map(name => conv3(name, 4));
    const mean = keras3('GlobalAveragePooling2D', 'mean', {});
    const files = bareFile(sequential3(input3([12, 12, 1]), ...layers, mean, dense3('classes', 10)));
    const brought = await buildModel({
      name: 'brought',
      files,
      inputShape,
      classes: 10,
      seed: 1,
      segments: 4,
    });
    expect(brought.cuts).toEqual(['a', 'b', 'mean']);
  });

  it('may be one: then nothing is cut, and no head is made', async () => {
    const built = await buildModel({
      name: 'cnn',
      inputShape: [12, 12, 1],
      classes: 10,
      seed: 1,
      segments: 1,
    });
    expect(built.outline.segments.map(({ id }) => id)).toEqual(['segment-1']);
  });
});
