import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectClose,
  expectSameOnBothBackends,
  noise,
  onBackend,
  runKernel,
  startBackends,
} from './backends.ts';

type Pair = [number, number];
type Shape4D = [number, number, number, number];
type Pad = 'same' | 'valid' | number;

interface ConvCase {
  readonly label: string;
  readonly image: Shape4D;
  readonly filter: Pair;
  readonly outputs: number;
  readonly strides: Pair;
  readonly pad: Pad;
}

const IMAGES: readonly Shape4D[] = [
  [1, 7, 9, 1],
  [3, 8, 6, 3],
  [2, 5, 5, 16],
];
const FILTERS: readonly Pair[] = [
  [1, 1],
  [3, 3],
  [5, 5],
  [2, 3],
  [1, 4],
];
const STRIDES: readonly Pair[] = [
  [1, 1],
  [2, 2],
  [3, 3],
  [1, 2],
];
const PADS: readonly Pad[] = ['same', 'valid', 1, 2];

const CASES: readonly ConvCase[] = FILTERS.flatMap(filter =>
  STRIDES.flatMap(strides =>
    PADS.flatMap(pad =>
      IMAGES.map((image, i) => ({
        label: `image ${image}, filter ${filter}, strides ${strides}, pad ${pad}`,
        image,
        filter,
        outputs: [3, 16, 1][i] ?? 1,
        strides,
        pad,
      })),
    ),
  ),
);

beforeAll(startBackends);

/** dX and dW of one convolution with the given upstream gradient's seed. */
function convGradients({ image, filter, outputs, strides, pad }: ConvCase): tf.Tensor[] {
  const x = noise(image, 1);
  const w = noise([...filter, image[3], outputs], 2);
  const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
  const dy = noise(y.shape, 3);
  const attrs = { strides, pad, dataFormat: 'NHWC' };
  return [
    runKernel('Conv2DBackpropInput', { dy, filter: w }, { ...attrs, inputShape: image }),
    runKernel('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: w.shape }),
  ];
}

function depthwiseGradients({ image, filter, strides, pad }: ConvCase, multiplier: number): tf.Tensor[] {
  const x = noise(image, 4);
  const w = noise([...filter, image[3], multiplier], 5);
  const y = tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
  const dy = noise(y.shape, 6);
  const attrs = { strides, pad, dilations: 1 };
  return [
    runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter: w }, { ...attrs, inputShape: image }),
    runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...attrs, filterShape: w.shape }),
  ];
}

describe.each(FILTERS)('convolution with a %i x %i filter', (height, width) => {
  const cases = CASES.filter(({ filter }) => filter[0] === height && filter[1] === width);

  it('has the CPU backend’s input and filter gradients for every stride, padding and image', () => {
    for (const conv of cases) expectSameOnBothBackends(conv.label, () => convGradients(conv));
  });

  it.each([1, 2, 3])('has them depthwise, with a channel multiplier of %i', multiplier => {
    for (const conv of cases) {
      const label = `multiplier ${multiplier}, ${conv.label}`;
      expectSameOnBothBackends(label, () => depthwiseGradients(conv, multiplier));
    }
  });
});

it('takes explicit, uneven padding', () => {
  const pad: [Pair, Pair, Pair, Pair] = [
    [0, 0],
    [2, 0],
    [1, 3],
    [0, 0],
  ];
  const attrs = { pad, dataFormat: 'NHWC' };
  for (const strides of [1, 2]) {
    expectSameOnBothBackends(`strides ${strides}`, () => {
      const [x, w] = [noise([2, 6, 7, 3], 1), noise([3, 4, 3, 5], 2)];
      const dy = noise(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad).shape, 3);
      return [
        runKernel('Conv2DBackpropInput', { dy, filter: w }, { ...attrs, strides, inputShape: x.shape }),
        runKernel('Conv2DBackpropFilter', { x, dy }, { ...attrs, strides, filterShape: w.shape }),
      ];
    });
  }
});

it('takes depthwise dilation, equal to a filter with holes (the CPU gradients ignore dilation)', () => {
  const image: Shape4D = [2, 9, 8, 3];
  const x = noise(image, 1);
  const dy = noise(image, 2);
  const filter = noise([3, 3, 3, 1], 3);
  // Interleaved with zeros, a 3 x 3 filter of dilation 2 is a 5 x 5 filter of dilation 1.
  const holed = holesBetweenTaps(filter);
  const attrs = { strides: 1, pad: 'same' };
  const [dxHoled, dwHoled] = onBackend('cpu', () => [
    runKernel(
      'DepthwiseConv2dNativeBackpropInput',
      { dy, filter: holed },
      { ...attrs, dilations: 1, inputShape: image },
    ),
    tf.stridedSlice(
      runKernel(
        'DepthwiseConv2dNativeBackpropFilter',
        { x, dy },
        { ...attrs, dilations: 1, filterShape: holed.shape },
      ),
      [0, 0, 0, 0],
      holed.shape,
      [2, 2, 1, 1],
    ),
  ]);
  const [dx, dw] = onBackend('wasm', () => [
    runKernel(
      'DepthwiseConv2dNativeBackpropInput',
      { dy, filter },
      { ...attrs, dilations: 2, inputShape: image },
    ),
    runKernel(
      'DepthwiseConv2dNativeBackpropFilter',
      { x, dy },
      { ...attrs, dilations: 2, filterShape: filter.shape },
    ),
  ]);
  if (!dxHoled || !dwHoled) throw new Error('no reference gradients');
  expectClose('input gradient', dx, dxHoled);
  expectClose('filter gradient', dw, dwHoled);
});

/** [3, 3, C, M] to [5, 5, C, M], zeros in every odd row and column. */
function holesBetweenTaps(filter: tf.Tensor): tf.Tensor {
  const withRows = tf.pad(tf.reshape(filter, [3, 1, 3, 1, 3, 1]), [
    [0, 0],
    [0, 1],
    [0, 0],
    [0, 1],
    [0, 0],
    [0, 0],
  ]);
  return tf.slice(tf.reshape(withRows, [6, 6, 3, 1]), [0, 0, 0, 0], [5, 5, 3, 1]);
}

it('refuses channels-first tensors', () => {
  const attrs = { strides: 1, pad: 'same', dataFormat: 'NCHW', filterShape: [3, 3, 2, 2] };
  const run = () =>
    runKernel('Conv2DBackpropFilter', { x: noise([1, 2, 4, 4], 1), dy: noise([1, 2, 4, 4], 2) }, attrs);
  expect(run).toThrow('NHWC tensors only');
});
