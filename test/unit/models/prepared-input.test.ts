import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { HostModel } from '../../../client/trainer/models/host-model.ts';
import {
  bareFile,
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
import { classesOf, type Layer, logits, read, useCpuBackend } from './read-brought.ts';

useCpuBackend();

const ends = [conv3('conv', 2), flatten, logits];
const chainOf = (...layers: readonly Layer[]) => bareFile(sequential3(input3([8, 8, 1]), ...layers, ...ends));

/** What the network makes of a picture of this one value, before its convolution. */
function atConvolution({ graph }: HostModel): Readonly<Record<string, unknown>>[] {
  const end = graph.layers.findIndex(({ className }) => className === 'Conv2D');
  return graph.layers.slice(1, end).map(({ config }) => config);
}

describe('a network that takes the same numbers in another shape gets a reshape in front', () => {
  const mlp = (shape: readonly number[], ...front: readonly Layer[]) =>
    bareFile(sequential3(input3(shape), ...front, dense3('hidden', 4), logits));

  it.each([
    ['28 × 28 without channels, as the quick start of Keras has it', mlp([8, 8], flatten), [8, 8, 1]],
    ['all in a row', mlp([64]), [8, 8, 1]],
    ['all in a row, then flattened, which Keras passes on', mlp([64], flatten), [8, 8, 1]],
    ['colours in a row', mlp([192]), [8, 8, 3]],
  ] as const)('%s', async (_, files, shape) => {
    const found = await read(files, shape);
    expect(found.model.inputs[0]?.shape).toEqual([null, ...shape]);
    expect(classesOf(found).slice(0, 2)).toEqual(['InputLayer', 'Reshape']);
    found.model.dispose();
  });

  it('the order of the numbers is kept', async () => {
    const found = await read(mlp([64]));
    const [input, reshape] = found.model.layers;
    const x = tf.range(0, 64);
    const y = reshape?.call(tf.reshape(x, [1, 8, 8, 1]), {}) as tf.Tensor;
    expect(input?.getClassName()).toBe('InputLayer');
    expect([...y.dataSync()]).toEqual([...x.dataSync()]);
    found.model.dispose();
  });

  it.each([
    ['another number of them', mlp([63]), '63'],
    [
      'channels first, whose order is another',
      bareFile(sequential3(input3([3, 8, 8]), ...ends)),
      '3 × 8 × 8',
    ],
  ])('but not %s', async (_, files, shape) => {
    await expect(read(files, [8, 8, 3])).rejects.toThrow(
      `takes inputs of ${shape}, the data's pictures are 8 × 8 × 3`,
    );
  });
});

describe('layers that prepare pictures are written for pictures in [0, 1]', () => {
  const rescaling = (scale: number | number[], offset: number | number[] = 0) =>
    keras3('Rescaling', 'scale', { scale, offset });

  it.each([
    ['1 / 255 does nothing', [rescaling(1 / 255)], []],
    ['1 / 127.5 − 1 goes to [−1, 1]', [rescaling(1 / 127.5, -1)], [{ scale: 2, offset: -1 }]],
    [
      '(x − 127.5) / 127.5 goes there too',
      [rescaling(1, -127.5), keras3('Rescaling', 'half', { scale: 1 / 127.5, offset: 0 })],
      [
        { scale: 255, offset: -127.5 },
        { scale: 1 / 127.5, offset: 0 },
      ],
    ],
    [
      'a deviation of 60 is one of pictures in [0, 255]',
      [rescaling([1 / 60], [-2.1])],
      [{ scale: 4.25, offset: [-2.1] }],
    ],
    [
      'a normalisation by such numbers',
      [keras3('Normalization', 'norm', { axis: [-1], mean: [120], variance: [3600], invert: false })],
      [{ scale: 4.25, offset: [-2] }],
    ],
    [
      'behind padding and noise',
      [
        keras3('ZeroPadding2D', 'pad', {
          padding: [
            [1, 1],
            [0, 0],
          ],
        }),
        keras3('GaussianNoise', 'noise', { stddev: 0.1 }),
        rescaling(1 / 255),
      ],
      [
        {
          padding: [
            [1, 1],
            [0, 0],
          ],
        },
        { stddev: 0.1 },
      ],
    ],
    ['4 x − 2 was for [0, 1] before', [rescaling(4, -2)], [{ scale: 4, offset: -2 }]],
    [
      'what comes after the first counts with it',
      [keras3('Rescaling', 'first', { scale: 1 / 255, offset: 0 }), rescaling(1 / 128)],
      [{ scale: 1 / 128, offset: 0 }],
    ],
    [
      'a normalisation by numbers',
      [keras3('Normalization', 'norm', { axis: [-1], mean: [0.5], variance: [0.25], invert: false })],
      [{ scale: 2, offset: [-1] }],
    ],
  ])('%s', async (_, front, wanted) => {
    const found = await read(chainOf(...front));
    expect(atConvolution(found)).toMatchObject(wanted);
    expect(atConvolution(found)).toHaveLength(wanted.length);
    found.model.dispose();
  });

  it('operations in Python are read as rescalings, as Keras 3 and Keras 2 write them', async () => {
    const operation = (name: string, class_name: string, from: string, number: number) => ({
      ...{ class_name, name, config: { name } },
      inbound_nodes: [
        {
          args: [...((called3(logits, from).inbound_nodes as [Layer])[0].args as unknown[]), number],
          kwargs: {},
        },
      ],
    });
    const of3 = [
      { ...input3([8, 8, 1]), inbound_nodes: [] },
      operation('divide', 'TrueDivide', 'pictures', 127.5),
      operation('less', 'Subtract', 'divide', 1),
    ];
    const lambda = (name: string, from: string, y: number) => ({
      ...{ class_name: 'TFOpLambda', name, config: { name, function: name.replace('tf.', '') } },
      inbound_nodes: [[from, 0, 0, { y, name: null }]],
    });
    const of2 = [
      { ...input3([8, 8, 1]), inbound_nodes: [] },
      lambda('tf.math.truediv', 'pictures', 127.5),
      lambda('tf.math.subtract', 'tf.math.truediv', 1),
    ];
    for (const front of [of3, of2]) {
      const last = front === of3 ? 'less' : 'tf.math.subtract';
      const rest = ends.map((layer, i) => called3(layer, ['conv', 'flatten'][i - 1] ?? last));
      const found = await read(bareFile(functional([...front, ...rest] as Layer[], 'classes')));
      expect(atConvolution(found)).toMatchObject([
        { scale: 2, offset: 0 },
        { scale: 1, offset: -1 },
      ]);
      found.model.dispose();
    }
  });

  it('grey pictures that become three channels, then are divided by 255', async () => {
    const joined = functional(
      [
        { ...input3([8, 8, 1]), inbound_nodes: [] },
        called3(keras3('Concatenate', 'colours', { axis: -1 }), 'pictures', 'pictures', 'pictures'),
        called3(rescaling(1 / 255), 'colours'),
        called3(conv3('conv', 2), 'scale'),
        called3(flatten, 'conv'),
        called3(logits, 'flatten'),
      ],
      'classes',
    );
    const found = await read(bareFile(joined));
    expect(found.graph.layers.map(({ name }) => name)).not.toContain('scale');
    expect(found.notes).toEqual([expect.stringContaining('layer scale (Rescaling) left out')]);
    expect(found.model.getLayer('conv').input).toMatchObject({ shape: [null, 8, 8, 3] });
    found.model.dispose();
  });

  it('numbers far above 1 are told of', async () => {
    const found = await read(chainOf(rescaling(255)));
    expect(found.notes).toEqual([
      'layer scale (Rescaling) makes numbers up to 255 of pictures in [0, 1]: a network learns badly from numbers far above 1',
    ]);
    found.model.dispose();
  });

  it('a resizing to the size that the pictures have does nothing; to another it is computed', async () => {
    const resizing = (height: number, width: number) =>
      keras3('Resizing', 'resize', { height, width, interpolation: 'bilinear', crop_to_aspect_ratio: false });
    const same = await read(bareFile(sequential3(input3([null, null, 1]), resizing(8, 8), ...ends)));
    expect(classesOf(same)).not.toContain('Resizing');
    const other = await read(bareFile(sequential3(input3([180, 180, 1]), resizing(4, 6), ...ends)));
    expect(classesOf(other)).toContain('Resizing');
    expect(other.model.getLayer('conv').outputShape).toEqual([null, 4, 6, 2]);
    for (const { model } of [same, other]) model.dispose();
  });

  it('the middle is cut out as Keras does, and a part that is not there is refused', async () => {
    const crop = (height: number, width: number) => keras3('CenterCrop', 'crop', { height, width });
    const found = await read(chainOf(crop(5, 8)));
    expect(atConvolution(found)).toMatchObject([
      {
        cropping: [
          [1, 2],
          [0, 0],
        ],
      },
    ]);
    found.model.dispose();
    await expect(read(chainOf(crop(9, 8)))).rejects.toThrow(
      "layer crop (CenterCrop) cuts out 9 × 8, and the data's pictures are 8 × 8",
    );
  });

  it('kept statistics of pictures in [0, 255] are told of', async () => {
    const norm = keras3('BatchNormalization', 'norm', {
      axis: -1,
      momentum: 0.99,
      epsilon: 1e-3,
      center: false,
      scale: false,
    });
    const weights: [string, number[]][] = [
      ['norm/moving_mean', [1]],
      ['norm/moving_variance', [1]],
      ...(['conv', 'classes'] as const).flatMap((name): [string, number[]][] => [
        [`${name}/kernel`, name === 'conv' ? [3, 3, 1, 2] : [128, 3]],
        [`${name}/bias`, [name === 'conv' ? 2 : 3]],
      ]),
    ];
    const files = modelFiles(sequential3(input3([8, 8, 1]), norm, ...ends), weights);
    const values = new Float32Array(Object.values(files.weights)[0]?.slice().buffer ?? new ArrayBuffer(0));
    values.set([120, 6_000]);
    const found = await read({
      ...files,
      weights: { 'group1-shard1of1.bin': new Uint8Array(values.buffer) },
    });
    expect(found.notes.at(-1)).toMatch(
      /^layer norm keeps a variance \d+ times that of a picture in \[0, 1\]/,
    );
    found.model.dispose();
  });
});

describe('augmentation in front becomes the run’s own', () => {
  const flip = (mode: string) =>
    keras3('RandomFlip', 'flip', { mode, seed: null, data_format: 'channels_last' });

  it('a flip to the side asks the run to flip and crop; what the run cannot do is left out, and said', async () => {
    const rotation = keras3('RandomRotation', 'turn', { factor: [-0.1, 0.1], fill_mode: 'reflect' });
    const found = await read(chainOf(flip('horizontal'), rotation));
    expect(found.augment).toBe('flip-and-crop');
    expect(classesOf(found)).toEqual(['InputLayer', 'Conv2D', 'Flatten', 'Dense']);
    expect(found.notes).toEqual([
      'layer flip (RandomFlip) left out: it asks the run to flip and crop the pictures that it trains on',
      'layer turn (RandomRotation) left out: the run cannot change pictures in this way; it has flip-and-crop',
    ]);
    found.model.dispose();
  });

  it('a flip upside down asks for nothing, because digits and things stand upright', async () => {
    const found = await read(chainOf(flip('vertical')));
    expect(found.augment).toBeNull();
    found.model.dispose();
  });

  it('it can stand in a model of its own, as Keras’s tutorial has it', async () => {
    const own = keras3('Sequential', 'augmentation', { layers: [flip('horizontal')] });
    const found = await read(chainOf(own));
    expect(found.augment).toBe('flip-and-crop');
    found.model.dispose();
  });

  it('behind a convolution it is refused', async () => {
    await expect(
      read(bareFile(sequential3(input3([8, 8, 1]), conv3('first', 2), flip('horizontal'), ...ends))),
    ).rejects.toThrow('layer flip (RandomFlip) prepares pictures: it can only stand right behind the input');
  });
});
