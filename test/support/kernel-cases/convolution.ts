import * as tf from '@tensorflow/tfjs-core';
import {
  type CaseGroup,
  noise,
  type Pad,
  type Pair,
  product,
  runKernel,
  type Shape4D,
} from '../kernel-case.ts';

interface ConvSetting {
  readonly name: string;
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

const settingsOf = (filter: Pair): ConvSetting[] =>
  product(product(STRIDES, PADS), IMAGES).map(([[strides, pad], image]) => ({
    name: `image ${image}, filter ${filter}, strides ${strides}, pad ${pad}`,
    image,
    filter,
    outputs: [3, 16, 1][IMAGES.indexOf(image)] ?? 1,
    strides,
    pad,
  }));

/** Shapes of the models' own layers: whole tiles of four channels, and more than one tile of everything. */
const LARGER: readonly ConvSetting[] = [
  { image: [2, 10, 9, 24], filter: [3, 3], outputs: 40, strides: [1, 1], pad: 'same' },
  { image: [2, 9, 10, 36], filter: [1, 1], outputs: 70, strides: [2, 2], pad: 'same' },
  { image: [5, 12, 12, 1], filter: [3, 3], outputs: 32, strides: [1, 1], pad: 'same' },
  { image: [2, 11, 11, 7], filter: [3, 3], outputs: 12, strides: [2, 2], pad: 'same' },
  { image: [1, 4, 3, 128], filter: [3, 3], outputs: 136, strides: [1, 1], pad: 'same' },
  { image: [1, 5, 4, 132], filter: [3, 2], outputs: 20, strides: [2, 1], pad: 'same' },
  { image: [2, 18, 17, 40], filter: [3, 3], outputs: 60, strides: [1, 1], pad: 'same' },
  { image: [2, 5, 6, 8], filter: [3, 3], outputs: 12, strides: [1, 1], pad: 2 },
  { image: [2, 6, 5, 12], filter: [3, 3], outputs: 8, strides: [1, 1], pad: 3 },
  { image: [2, 4, 3, 132], filter: [1, 1], outputs: 128, strides: [1, 1], pad: 'same' },
].map(setting => ({
  ...(setting as Omit<ConvSetting, 'name'>),
  name: `image ${setting.image}, filter ${setting.filter} to ${setting.outputs}, strides ${setting.strides}, pad ${setting.pad}`,
}));

const CONV_KERNELS = ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'];
const DEPTHWISE_KERNELS = [
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
];

/** tfjs takes a padding in numbers to be as wide as high, even if heights and widths differ. No layer asks for one. */
const isForwardSound = ({ filter, strides, pad }: ConvSetting): boolean =>
  typeof pad === 'string' || (filter[0] === filter[1] && strides[0] === strides[1]);

/** y if tfjs computes it correctly, dx and dw of one convolution. */
function convolution(setting: ConvSetting): tf.Tensor[] {
  const { image, filter, outputs, strides, pad } = setting;
  const x = noise(image, 1);
  const w = noise([...filter, image[3], outputs], 2);
  const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
  const dy = noise(y.shape, 3);
  const attrs = { strides, pad, dataFormat: 'NHWC' };
  return [
    ...(isForwardSound(setting) ? [y] : []),
    runKernel('Conv2DBackpropInput', { dy, filter: w }, { ...attrs, inputShape: image }),
    runKernel('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: w.shape }),
  ];
}

function depthwise(setting: ConvSetting, multiplier: number): tf.Tensor[] {
  const { image, filter, strides, pad } = setting;
  const x = noise(image, 4);
  const w = noise([...filter, image[3], multiplier], 5);
  const y = tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
  const dy = noise(y.shape, 6);
  const attrs = { strides, pad, dilations: 1 };
  return [
    ...(isForwardSound(setting) ? [y] : []),
    runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter: w }, { ...attrs, inputShape: image }),
    runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...attrs, filterShape: w.shape }),
  ];
}

function unevenPadding(strides: number): tf.Tensor[] {
  const pad: [Pair, Pair, Pair, Pair] = [
    [0, 0],
    [2, 0],
    [1, 3],
    [0, 0],
  ];
  const attrs = { pad, dataFormat: 'NHWC', strides };
  const [x, w] = [noise([2, 6, 7, 3], 1), noise([3, 4, 3, 5], 2)];
  const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
  const dy = noise(y.shape, 3);
  return [
    y,
    runKernel('Conv2DBackpropInput', { dy, filter: w }, { ...attrs, inputShape: x.shape }),
    runKernel('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: w.shape }),
  ];
}

const plainGroups = FILTERS.map(
  (filter): CaseGroup => ({
    name: `convolution with a ${filter.join(' x ')} filter`,
    kernels: CONV_KERNELS,
    cases: settingsOf(filter).map(setting => ({ name: setting.name, compute: () => convolution(setting) })),
  }),
);

const depthwiseGroups = product(FILTERS, [1, 2, 3]).map(
  ([filter, multiplier]): CaseGroup => ({
    name: `depthwise convolution with a ${filter.join(' x ')} filter, channel multiplier ${multiplier}`,
    kernels: DEPTHWISE_KERNELS,
    cases: settingsOf(filter).map(setting => ({
      name: setting.name,
      compute: () => depthwise(setting, multiplier),
    })),
  }),
);

export const CONVOLUTION_GROUPS: readonly CaseGroup[] = [
  ...plainGroups,
  {
    name: 'convolution over several tiles',
    kernels: CONV_KERNELS,
    cases: LARGER.map(setting => ({ name: setting.name, compute: () => convolution(setting) })),
  },
  {
    name: 'convolution with explicit, uneven padding',
    kernels: CONV_KERNELS,
    cases: [1, 2].map(strides => ({ name: `strides ${strides}`, compute: () => unevenPadding(strides) })),
  },
  ...depthwiseGroups,
];
