import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { Bias } from '../../../client/trainer/layers/bias.ts';
import { GroupNormalization } from '../../../client/trainer/layers/group-normalization.ts';
import { GroupedConv2D } from '../../../client/trainer/layers/grouped-conv2d.ts';
import { findChannels } from '../../../client/trainer/models/channel-spaces.ts';
import { cutModel } from '../../../client/trainer/models/cut-model.ts';
import { buildZooModel } from '../../../client/trainer/models/model-zoo.ts';
import { ramp } from '../../../client/trainer/models/ramp.ts';
import { SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import { graphOf } from '../../../client/trainer/models/topology/read-topology.ts';
import type { SegmentFiles } from '../../../client/trainer/trainer-api.ts';
import { layoutShards, writeShards } from '../../../shared/codec/shard-layout.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import { nestedSlices } from '../../../shared/plan/slices/nested-slices.ts';
import type { ChannelSlices, ChannelSpace } from '../../../shared/protocol/channels.ts';
import { zeroedOutside } from './zoo-slices.ts';

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

/** As `layer channels/granule`, of those that are sliced. */
const named = (spaces: readonly ChannelSpace[]): string[] =>
  spaces.flatMap(({ layer, channels, granule }) =>
    granule === undefined ? [] : [`${layer} ${channels}/${granule}`],
  );

function spacesOf(model: tfl.LayersModel): string[] {
  const channels = findChannels(model, graphOf(model));
  return named(channels?.spaces ?? []);
}

describe('the networks of the zoo', () => {
  it.each<[string, string[]]>([
    ['cnn', ['conv1 16/1', 'conv2 32/1']],
    ['cnn-5', ['conv1-1 32/4', 'conv1-2 32/4', 'conv2-1 64/8', 'conv2-2 64/8', 'conv3-1 128/16']],
    [
      'vgg16-quarter',
      [
        ...['conv1-1 16/2', 'conv1-2 16/2', 'conv2-1 32/4', 'conv2-2 32/4'],
        ...['conv3-1 64/8', 'conv3-2 64/8', 'conv3-3 64/8', 'conv4-1 128/16', 'conv4-2 128/16'],
        ...['conv4-3 128/16', 'conv5-1 128/16', 'conv5-2 128/16', 'conv5-3 128/16'],
      ],
    ],
    [
      // A stage's blocks add to one space. A block's groups of 4 channels are also those of its norm.
      'resnext20-8x4',
      [
        ...['stem 64/8', 'stage1-block1-reduce 32/4', 'stage1-block2-reduce 32/4'],
        ...['stage2-block1-reduce 64/8', 'stage2-block1-expand 128/16', 'stage2-block2-reduce 64/8'],
        ...['stage3-block1-reduce 128/16', 'stage3-block1-expand 256/32', 'stage3-block2-reduce 128/16'],
      ],
    ],
  ])('%s', (name, expected) => {
    const model = buildZooModel({ name, inputShape: [32, 32, 3], classes: 10, seed: 1 });
    expect(spacesOf(model)).toEqual(expected);
    model.dispose();
  });

  it('densenet-28-12: each layer of a block has a space of its own, and its norm holds none of them', () => {
    const model = buildZooModel({ name: 'densenet-28-12', inputShape: [32, 32, 3], classes: 10, seed: 1 });
    const block = (b: number): string[] =>
      [1, 2, 3, 4].flatMap(l => [`block${b}-layer${l}-conv1 48/6`, `block${b}-layer${l}-conv2 12/1`]);
    expect(spacesOf(model)).toEqual([
      ...['stem 24/3', ...block(1), 'transition1-conv 36/6', ...block(2), 'transition2-conv 42/6'],
      ...block(3),
    ]);
    model.dispose();
  });
});

type Sym = tfl.SymbolicTensor;
const over = (layer: tfl.layers.Layer, ...inputs: Sym[]): Sym =>
  layer.apply(inputs.length === 1 ? (inputs[0] as Sym) : inputs) as Sym;
const conv = (name: string, filters: number, x: Sym): Sym =>
  over(tfl.layers.conv2d({ name, filters, kernelSize: 3, padding: 'same', activation: 'relu' }), x);
const norm = (name: string, groups: number, x: Sym): Sym => over(new GroupNormalization({ name, groups }), x);
const L = tfl.layers;

/** A network from a picture of 4 × 4 × 2 to three classes. */
function network(body: (picture: Sym) => Sym): tfl.LayersModel {
  const picture = tfl.input({ shape: [4, 4, 2], name: 'picture' });
  const features = body(picture);
  const flat = features.shape.length > 2 ? over(L.flatten({ name: 'flat' }), features) : features;
  const outputs = over(L.dense({ name: 'classes', units: 3, biasInitializer: 'randomNormal' }), flat);
  return tfl.model({ inputs: picture, outputs });
}

/** What each kind of layer does with channels: the network, and the spaces that can be sliced. */
const kinds: readonly (readonly [string, (x: Sym) => Sym, readonly string[]])[] = [
  [
    'a residual sum ties',
    x => over(L.add(), conv('a', 4, x), conv('b', 4, conv('c', 6, x))),
    ['a 4/1', 'c 6/1'],
  ],
  [
    'groups of two norms over one space have a common granule',
    x => norm('two', 2, norm('six', 6, conv('a', 12, x))),
    ['a 12/6'],
  ],
  [
    'a sum of two concatenations ties them piece by piece',
    x => {
      const pair = (a: string, b: string) => over(L.concatenate(), conv(a, 4, x), conv(b, 2, x));
      return over(L.add(), pair('a', 'b'), pair('c', 'd'));
    },
    ['a 4/1', 'b 2/1'],
  ],
  [
    'concatenations of other sizes fix each other',
    x => {
      const pair = (a: number, b: number) => over(L.concatenate(), conv(`a${a}`, a, x), conv(`b${b}`, b, x));
      return conv('free', 4, over(L.add(), pair(4, 2), pair(2, 4)));
    },
    ['free 4/1'],
  ],
  [
    'the pixels beside a convolution are never sliced',
    x => conv('b', 4, over(L.concatenate(), x, conv('a', 4, x))),
    ['a 4/1', 'b 4/1'],
  ],
  [
    'what is added to the pixels is never sliced',
    x => conv('b', 4, over(L.add(), x, conv('a', 2, x))),
    ['b 4/1'],
  ],
  [
    'a squeeze and excitation gates its own channels',
    x => {
      const a = conv('a', 4, x);
      const squeezed = over(L.globalAveragePooling2d({}), a);
      const gate = over(L.dense({ name: 'gate', units: 4, activation: 'sigmoid' }), squeezed);
      return over(L.multiply(), a, over(L.reshape({ targetShape: [1, 1, 4] }), gate));
    },
    ['a 4/1'],
  ],
  [
    'a depthwise convolution follows its input',
    x => over(L.depthwiseConv2d({ kernelSize: 3, biasInitializer: 'randomNormal' }), conv('a', 4, x)),
    ['a 4/1'],
  ],
  [
    'a depthwise convolution of several kernels a channel fixes it',
    x => conv('b', 4, over(L.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }), conv('a', 4, x))),
    ['b 4/1'],
  ],
  [
    'a separable convolution makes channels of its own',
    x => over(L.separableConv2d({ name: 'b', filters: 6, kernelSize: 3 }), conv('a', 4, x)),
    ['a 4/1', 'b 6/1'],
  ],
  [
    'a grouped convolution ties both sides, a group at a time',
    x => over(new GroupedConv2D({ name: 'g', filters: 8, groups: 4, kernelSize: 1 }), conv('a', 8, x)),
    ['a 8/2'],
  ],
  [
    'a grouped convolution of other sizes fixes both sides',
    x => conv('b', 4, over(new GroupedConv2D({ filters: 4, groups: 2, kernelSize: 1 }), conv('a', 8, x))),
    ['b 4/1'],
  ],
  [
    'dense layers, a bias, PReLU, pools, borders and dropouts pass channels on',
    x => {
      const a = over(L.prelu({ alphaInitializer: 'randomNormal' }), over(new Bias(), conv('a', 4, x)));
      const padded = over(L.zeroPadding2d({ padding: 1 }), over(L.dropout({ rate: 0.5 }), a));
      const pooled = over(L.maxPooling2d({ poolSize: 2 }), padded);
      return over(L.dense({ name: 'b', units: 6, activation: 'elu' }), pooled);
    },
    ['a 4/1', 'b 6/1'],
  ],
  [
    'reshapes and permutations that keep the channels last pass them on',
    x => over(L.permute({ dims: [2, 1, 3] }), over(L.reshape({ targetShape: [2, 8, 4] }), conv('a', 4, x))),
    ['a 4/1'],
  ],
  [
    'other reshapes and permutations fix them',
    x => {
      const turned = over(L.permute({ dims: [3, 1, 2] }), conv('a', 4, x));
      const mixed = over(
        L.reshape({ targetShape: [4, 4, 4] }),
        conv('b', 8, over(L.maxPooling2d({ poolSize: [2, 1] }), turned)),
      );
      return conv('c', 2, mixed);
    },
    ['c 2/1'],
  ],
  [
    'layer norms and softmax mix channels, and fix them',
    x => {
      const normed = over(L.layerNormalization({}), conv('a', 4, x));
      return conv('c', 2, over(L.activation({ activation: 'softmax' }), conv('b', 4, normed)));
    },
    ['c 2/1'],
  ],
];

/** The whole network as one segment, as a volunteer would have downloaded it. */
function filesOf(model: tfl.LayersModel): { files: SegmentFiles; spaces: readonly ChannelSpace[] } {
  const graph = graphOf(model);
  const channels = findChannels(model, graph);
  const [cut] = cutModel(model, graph, [], channels);
  if (!cut || !channels) throw new Error('the network has no channels');
  const files = {
    topologyHash: 'one',
    topology: encodeUtf8(cut.topology),
    tensors: cut.tensors.map(({ values: _, shape, ...tensor }) => ({ ...tensor, shape: [...shape] })),
    macs: cut.macs,
    activations: cut.activations,
    channels: cut.channels,
    shards: writeShards(cut.tensors, layoutShards(cut.tensors)),
  };
  return { files, spaces: channels.spaces };
}

async function logits(segment: SegmentFiles, slices?: ChannelSlices): Promise<Float32Array> {
  const models = new SegmentModels();
  const { model } = await models.load(segment, slices);
  const values = tf.tidy(() => (model.apply(ramp([2, 4, 4, 2])) as tf.Tensor).dataSync());
  models.dispose();
  return Float32Array.from(values);
}

describe.each(kinds)('%s', (_, body, expected) => {
  it('is found in the graph', () => {
    const model = network(body);
    expect(spacesOf(model)).toEqual(expected);
    model.dispose();
  });

  it('narrows to what the whole network computes without the other channels', async () => {
    const model = network(body);
    const { files, spaces } = filesOf(model);
    const slices = nestedSlices(spaces, 0.5);
    const { one } = zeroedOutside({ one: files }, slices);
    const [narrow, zeroed] = [await logits(files, slices), one && (await logits(one))];
    expect(narrow.some(value => value !== 0)).toBe(true);
    for (const [i, value] of narrow.entries()) expect(value).toBeCloseTo(zeroed?.[i] ?? Number.NaN, 5);
    model.dispose();
  });
});

it('finds channels in a deep network of dense blocks no outline has room for: it is not sliced', () => {
  const model = network(x => {
    let all = conv('first', 2, x);
    for (let i = 0; i < 501; i++)
      all = over(L.concatenate(), all, over(L.conv2d({ filters: 1, kernelSize: 1 }), x));
    return all;
  });
  expect(findChannels(model, graphOf(model))).toBeNull();
  model.dispose();
});
