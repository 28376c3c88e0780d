import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { buildModel } from '../../../client/trainer/models/build-model.ts';
import {
  convolutionsOf,
  depthAt,
  shapesToCopy,
} from '../../../client/trainer/models/heads/aug-local-head.ts';
import { buildZooModel } from '../../../client/trainer/models/model-zoo.ts';
import {
  type LoadedSegment,
  runChain,
  SegmentModels,
} from '../../../client/trainer/models/segment-models.ts';
import { graphOf } from '../../../client/trainer/models/topology/read-topology.ts';
import type { BuiltModel } from '../../../client/trainer/trainer-api.ts';
import { readShards } from '../../../shared/codec/shard-layout.ts';
import { type HeadStyle, headStyles } from '../../../shared/protocol/head-style.ts';
import {
  averageOf,
  bodySegments,
  headOf,
  modelOutlineSchema,
  parametersOfBody,
  type Segment,
  segmentById,
} from '../../../shared/protocol/model-outline.ts';
import { segmentFiles } from '../../support/local-trainer.ts';

beforeAll(async () => {
  await createTrainer().start({ backend: 'wasm' });
});

const cifar = [32, 32, 3] as const;
const build = (name: string, heads: HeadStyle, segments: number): Promise<BuiltModel> =>
  buildModel({ name, inputShape: cifar, classes: 10, seed: 1, heads, segments });

/** What leads from a body segment's output to its head's logits. */
const throughOf = ({ outline }: BuiltModel, id: string): Segment[] =>
  [averageOf(outline, id), headOf(outline, id)].filter(segment => segment !== undefined);

const small = ['cnn-5', 'vgg16-quarter', 'resnext20-8x4', 'densenet-28-12'];
const cases = headStyles.flatMap(style =>
  [...small.flatMap(name => [2, 3].map(k => [name, k] as const)), ['cnn', 3] as const].map(
    ([name, k]) => [style, name, k] as const,
  ),
);

describe('a head on every segment but the last', () => {
  it.each(cases)(
    'puts out logits, and its loss moves the features: %s on %s in %i',
    async (style, name, k) => {
      const built = await build(name, style, k);
      const outline = modelOutlineSchema.parse(built.outline);
      expect(outline).toEqual(built.outline);
      const [models, files] = [new SegmentModels(), segmentFiles(built)];
      const load = (id: string): Promise<LoadedSegment> => models.load(files[id] ?? never());
      let x: tf.Tensor = tf.randomUniform([2, ...cifar], 0, 1, 'float32', 3);
      for (const { id } of bodySegments(outline).slice(0, -1)) {
        x = runChain([await load(id)], x);
        const chain = [];
        for (const segment of throughOf(built, id)) chain.push(await load(segment.id));
        const logits = runChain(chain, x);
        expect(logits.shape).toEqual([2, 10]);
        expect(logits.dataSync().every(Number.isFinite)).toBe(true);
        expect(largestGradient(chain, x)).toBeGreaterThan(0);
      }
      models.dispose();
    },
  );

  const macs = ({ outline }: BuiltModel, ids: readonly string[]): number =>
    ids.reduce((sum, id) => sum + segmentById(outline, id).macs, 0);

  /** A head's largest share of these networks' work; in a small CNN one layer alone has more. */
  const mostWork = { linear: 0.05, convolutional: 0.15, dense: 0.05, 'aug-local': 0.2, momentum: 0.35 };

  it.each(cases.filter(([, name]) => name !== 'cnn'))(
    'is a small share of the work: %s on %s in %i',
    async (style, name, k) => {
      const built = await build(name, style, k);
      const body = bodySegments(built.outline).map(({ id }) => id);
      for (const id of body.slice(0, -1)) {
        const share =
          macs(
            built,
            throughOf(built, id).map(segment => segment.id),
          ) / macs(built, body);
        expect(share).toBeGreaterThan(0);
        expect(share).toBeLessThanOrEqual(mostWork[style]);
      }
    },
  );

  it('of AugLocal copies fewer layers if three would weigh more than a tenth of the network', async () => {
    const { outline } = await build('cnn-5', 'aug-local', 3);
    expect(headOf(outline, 'segment-1')?.layers.filter(name => name === 'Conv2D')).toHaveLength(1);
  });

  it('does not belong to the exported network, and an average does not either', async () => {
    const [linear, momentum] = [await build('cnn-5', 'linear', 3), await build('cnn-5', 'momentum', 3)];
    expect(momentum.outline.topology).toBe(linear.outline.topology);
    expect(parametersOfBody(momentum.outline)).toBe(parametersOfBody(linear.outline));
  });
});

function largestGradient(chain: readonly LoadedSegment[], x: tf.Tensor): number {
  return tf.tidy(() => {
    const labels = tf.oneHot([1, 2], 10);
    const loss = (features: tf.Tensor): tf.Tensor =>
      tf.losses.softmaxCrossEntropy(labels, runChain(chain, features, true));
    return tf.max(tf.abs(tf.grad(loss)(x))).dataSync()[0] ?? Number.NaN;
  });
}

describe('a momentum head', () => {
  it.each([
    ['vgg16-quarter', ['conv3-1/kernel', 'conv3-1/bias']],
    ['resnext20-8x4', ['stage2-block1-reduce/kernel']],
    [
      'densenet-28-12',
      ['block1-layer4-norm1/gamma', 'block1-layer4-norm1/beta', 'block1-layer4-conv1/kernel'],
    ],
  ])(
    'stands behind an average of the next segment’s first layer, which is at first equal to that layer: %s',
    async (name, names) => {
      const built = await build(name, 'momentum', 2);
      const average = averageOf(built.outline, 'segment-1') ?? never();
      expect(average).toMatchObject({ id: 'average-1', kind: 'average', of: 'segment-2', decay: 0.995 });
      expect(average.tensors.map(tensor => tensor.name)).toEqual(names);
      const [given, wanted] = [tensorsOf(built, 'average-1'), tensorsOf(built, 'segment-2')];
      for (const tensor of given) expect(wanted).toContainEqual(tensor);
      expect(headOf(built.outline, 'segment-1')?.tensors[0]?.name).toBe('head-1-bias/bias');
    },
  );

  it('may average all of a segment; its blob is then listed once', async () => {
    const { outline, shards, blobs } = await build('cnn', 'momentum', 3);
    expect(outline.segments.find(({ id }) => id === 'average-2')?.layers).toEqual(['Flatten', 'Dense']);
    expect(shards['average-2']).toEqual(shards['segment-3']);
    expect(new Set(blobs.map(({ sha256 }) => sha256)).size).toBe(blobs.length);
  });

  it('has one for each cut, and other heads have none', async () => {
    const momentum = await build('cnn-5', 'momentum', 3);
    expect(momentum.outline.segments.map(({ id, of }) => [id, of])).toEqual([
      ['segment-1', undefined],
      ['segment-2', undefined],
      ['segment-3', undefined],
      ['average-1', 'segment-2'],
      ['average-2', 'segment-3'],
      ['head-1', 'segment-1'],
      ['head-2', 'segment-2'],
    ]);
    expect(averageOf(momentum.outline, 'segment-2')?.id).toBe('average-2');
    expect(averageOf(momentum.outline, 'segment-3')).toBe(undefined);
    expect(averageOf((await build('cnn-5', 'dense', 3)).outline, 'segment-1')).toBe(undefined);
  });
});

function tensorsOf(built: BuiltModel, id: string) {
  const files = segmentFiles(built)[id] ?? never();
  const read = readShards(files.tensors, files.shards);
  if (!read.ok) throw new Error(read.reason);
  return read.value.map(({ name, shape, values }) => ({
    name,
    shape,
    sample: Array.from(values.slice(0, 50)),
  }));
}

describe('an AugLocal head copies', () => {
  const copied = (name: string, after: string) => {
    const model = buildZooModel({ name, inputShape: cifar, classes: 10, seed: 1 });
    const convolutions = convolutionsOf({ model, graph: graphOf(model), after });
    const shapes = shapesToCopy(convolutions, depthAt(convolutions));
    model.dispose();
    return shapes.map(({ filters, kernelSize, groups, size }) => [filters, kernelSize[0], groups, size[0]]);
  };

  it.each([
    // The layers of VGG16, counted from 0: behind 1 those at 5, 8 and 12 (of 3); behind 6 those at 9 and 12 (of 2).
    [
      'three convolutions near the input',
      'vgg16-quarter',
      'pool1',
      [
        [64, 3, 1, 8],
        [128, 3, 1, 4],
        [128, 3, 1, 2],
      ],
    ],
    [
      'two halfway',
      'vgg16-quarter',
      'pool3',
      [
        [128, 3, 1, 4],
        [128, 3, 1, 2],
      ],
    ],
    ['one at the end', 'cnn-5', 'pool2', [[128, 3, 1, 8]]],
    ['none where none follows', 'cnn-5', 'mean', []],
    [
      'groups',
      'resnext20-8x4',
      'stage2-block1-relu',
      [
        [128, 3, 8, 4],
        [256, 1, 1, 4],
      ],
    ],
    [
      'all that a dense block’s next layer sees',
      'densenet-28-12',
      'transition1-pool',
      [
        [42, 1, 1, 8],
        [90, 3, 1, 4],
      ],
    ],
  ])('%s: %s after %s', (_, name, after, wanted) => {
    expect(copied(name, after)).toEqual(wanted);
  });
});

function never(): never {
  throw new Error('missing');
}
