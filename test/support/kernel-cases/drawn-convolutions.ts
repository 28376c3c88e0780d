import * as tf from '@tensorflow/tfjs-core';
import { type Draw, drawn } from '../draw.ts';
import {
  type CaseGroup,
  GRADIENT_SEED,
  type KernelCase,
  noise,
  noiseValues,
  resultAndGradients,
  type Values,
} from '../kernel-case.ts';
import { convolveByHand, type WindowAxis, windowAxis } from './window-sums.ts';

/** Convolutions of drawn shapes, forward and both gradients. */

interface Setting {
  readonly batch: number;
  readonly image: number[];
  readonly filter: number[];
  readonly strides: number[];
  readonly pad: 'same' | 'valid';
  readonly channels: number;
  /** Of each channel, if the convolution is depthwise. */
  readonly outputs: number;
  readonly axes: readonly WindowAxis[];
}

interface Limits {
  readonly axes: number;
  readonly image: number;
  readonly filter: number;
  readonly stride: number;
  readonly channels: number;
  readonly outputs: number;
}

/** Every stride with every filter: larger than it along one axis, both or none. Each axis has a place of output. */
function drawSetting(draw: Draw, limits: Limits): Setting {
  const pad = draw.pick(['same', 'valid'] as const);
  const filter = draw.sizes(limits.axes, limits.filter);
  const image = filter.map(size => draw.whole(pad === 'same' ? 1 : size, Math.max(size, limits.image)));
  const strides = draw.sizes(limits.axes, limits.stride);
  const axes = image.map((input, i) =>
    windowAxis({ input, filter: filter[i] ?? 1, stride: strides[i] ?? 1, dilation: 1, pad }),
  );
  const channels = draw.whole(1, limits.channels);
  return {
    batch: draw.whole(1, 3),
    image,
    filter,
    strides,
    pad,
    channels,
    outputs: draw.whole(1, limits.outputs),
    axes,
  };
}

const nameOf = ({ image, filter, strides, pad, batch, channels, outputs }: Setting): string =>
  `${batch} × [${image}] × ${channels}, filter [${filter}] to ${outputs}, strides [${strides}], pad ${pad}`;

const inputOf = ({ batch, image, channels }: Setting): number[] => [batch, ...image, channels];
const filterOf = ({ filter, channels, outputs }: Setting): number[] => [...filter, channels, outputs];

/** y, dx and dw by plain loops. */
function byHand(setting: Setting, isDepthwise: boolean): Values[] {
  const { batch, axes, channels, outputs } = setting;
  const [inputShape, filterShape] = [inputOf(setting), filterOf(setting)];
  const outputShape = [batch, ...axes.map(axis => axis.output), isDepthwise ? channels * outputs : outputs];
  const { y, dx, dw } = convolveByHand(
    { axes, batch, channels, outputs, isDepthwise },
    noiseValues(inputShape, 1),
    noiseValues(filterShape, 2),
    noiseValues(outputShape, GRADIENT_SEED),
  );
  return [
    { shape: outputShape, data: y },
    { shape: inputShape, data: dx },
    { shape: filterShape, data: dw },
  ];
}

/** A 3 × 3 filter of stride 1 with channels in fours: these are computed tile by tile on some backends. */
function drawTiles(draw: Draw): Setting {
  const pad = draw.pick(['same', 'valid'] as const);
  const [least, filter] = [pad === 'same' ? 1 : 3, [3, 3]];
  const image = filter.map(() => draw.whole(least, 13));
  const axes = image.map(input => windowAxis({ input, filter: 3, stride: 1, dilation: 1, pad }));
  const [channels, outputs] = [4 * draw.whole(1, 7), 4 * draw.whole(1, 7)];
  return { batch: draw.whole(1, 3), image, filter, strides: [1, 1], pad, channels, outputs, axes };
}

type Convolve = (x: tf.Tensor, filter: tf.Tensor, setting: Setting) => tf.Tensor;

function casesOf(name: string, limits: Limits, convolve: Convolve, isDepthwise = false): KernelCase[] {
  const settings = drawn(name, 60, draw => drawSetting(draw, limits));
  return casesFor(settings, convolve, isDepthwise);
}

function casesFor(settings: readonly Setting[], convolve: Convolve, isDepthwise = false): KernelCase[] {
  return settings.map(setting => ({
    name: nameOf(setting),
    compute: () =>
      resultAndGradients(
        (x, filter) => convolve(x as tf.Tensor, filter as tf.Tensor, setting),
        [noise(inputOf(setting), 1), noise(filterOf(setting), 2)],
      ),
    byHand: () => byHand(setting, isDepthwise),
  }));
}

const plane: Limits = { axes: 2, image: 9, filter: 5, stride: 4, channels: 9, outputs: 9 };
const channelwise: Limits = { ...plane, channels: 11, outputs: 3 };
const pair = ([first = 1, second = 1]: readonly number[]): [number, number] => [first, second];
const triple = ([first = 1, second = 1, third = 1]: readonly number[]): [number, number, number] => [
  first,
  second,
  third,
];

const conv2d: Convolve = (x, filter, { strides, pad }) =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, pair(strides), pad);
const fusedConv2d: Convolve = (x, filter, { strides, pad }) =>
  tf.fused.conv2d({ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, strides: pair(strides), pad });
const depthwise: Convolve = (x, filter, { strides, pad }) =>
  tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, pair(strides), pad);
const fusedDepthwise: Convolve = (x, filter, { strides, pad }) =>
  tf.fused.depthwiseConv2d({
    x: x as tf.Tensor4D,
    filter: filter as tf.Tensor4D,
    strides: pair(strides),
    pad,
  });
const conv1d: Convolve = (x, filter, { strides, pad }) =>
  tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, strides[0] ?? 1, pad);
const conv3d: Convolve = (x, filter, { strides, pad }) =>
  tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, triple(strides), pad);

/** The pointwise half of a separable convolution comes after any depthwise one. */
function separable(setting: Setting): tf.Tensor[] {
  const { strides, pad, channels, outputs } = setting;
  const inputs = [inputOf(setting), filterOf(setting), [1, 1, channels * outputs, 4]].map((shape, i) =>
    noise(shape, i + 1),
  );
  return resultAndGradients(
    (x, byChannel, pointwise) =>
      tf.separableConv2d(
        x as tf.Tensor4D,
        byChannel as tf.Tensor4D,
        pointwise as tf.Tensor4D,
        pair(strides),
        pad,
      ),
    inputs,
  );
}

/** The other way round: y is a convolution's input gradient, and its own gradients are a convolution and a filter's. */
function transposed(setting: Setting): tf.Tensor[] {
  const { batch, axes, outputs, strides, pad } = setting;
  const small = [batch, ...axes.map(axis => axis.output), outputs];
  const [n = 1, h = 1, w = 1, c = 1] = inputOf(setting);
  return resultAndGradients(
    (x, filter) =>
      tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [n, h, w, c], pair(strides), pad),
    [noise(small, 1), noise(filterOf(setting), 2)],
  );
}

/** Dilated filters have no gradient in tfjs, so only the forward pass can be reached. */
function dilated(draw: Draw): KernelCase {
  const setting = drawSetting(draw, channelwise);
  const { batch, filter, pad, channels, outputs } = setting;
  const dilations = pair(draw.sizes(2, 3));
  const image = setting.image.map(size => size + 9);
  const axes = image.map((input, i) =>
    windowAxis({ input, filter: filter[i] ?? 1, stride: 1, dilation: dilations[i] ?? 1, pad }),
  );
  const [x, w] = [[batch, ...image, channels], filterOf(setting)];
  const yByHand = (isDepthwise: boolean): Values => {
    const sizes = { axes, batch, channels, outputs, isDepthwise };
    const { y } = convolveByHand(sizes, noiseValues(x, 1), noiseValues(w, 2), []);
    const width = isDepthwise ? channels * outputs : outputs;
    return { shape: [batch, ...axes.map(axis => axis.output), width], data: y };
  };
  return {
    name: `[${x}], filter [${w}], dilations [${dilations}], pad ${pad}`,
    compute: () =>
      [tf.conv2d, tf.depthwiseConv2d].map(op =>
        op(noise(x, 1) as tf.Tensor4D, noise(w, 2) as tf.Tensor4D, 1, pad, 'NHWC', dilations),
      ),
    byHand: () => [yByHand(false), yByHand(true)],
  };
}

const PLANE_KERNELS = ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'];
const DEPTHWISE_KERNELS = [
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
];

export const DRAWN_CONVOLUTION_GROUPS: readonly CaseGroup[] = [
  { name: 'drawn convolutions', kernels: PLANE_KERNELS, cases: casesOf('conv2d', plane, conv2d) },
  {
    name: 'drawn fused convolutions',
    kernels: ['FusedConv2D', ...PLANE_KERNELS],
    cases: casesOf('fused conv2d', plane, fusedConv2d),
  },
  {
    name: 'drawn convolutions by tiles',
    kernels: PLANE_KERNELS,
    cases: casesFor(drawn('tiles', 40, drawTiles), conv2d),
  },
  {
    name: 'drawn depthwise convolutions',
    kernels: DEPTHWISE_KERNELS,
    cases: casesOf('depthwise', channelwise, depthwise, true),
  },
  {
    name: 'drawn fused depthwise convolutions',
    kernels: ['FusedDepthwiseConv2D', ...DEPTHWISE_KERNELS],
    cases: casesOf('fused depthwise', channelwise, fusedDepthwise, true),
  },
  {
    name: 'drawn convolutions along one axis',
    kernels: PLANE_KERNELS,
    cases: casesOf('conv1d', { ...plane, axes: 1, image: 14 }, conv1d),
  },
  {
    name: 'drawn convolutions along three axes',
    kernels: ['Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'],
    cases: casesOf('conv3d', { ...plane, axes: 3, image: 5, filter: 3 }, conv3d),
    // tfjs crops a picture there if the stride is larger than the filter. No layer that can be trained has three axes.
    notOn: ['webgpu'],
  },
  {
    name: 'drawn separable convolutions',
    kernels: [...PLANE_KERNELS, ...DEPTHWISE_KERNELS],
    cases: drawn('separable', 40, draw => drawSetting(draw, channelwise)).map(setting => ({
      name: nameOf(setting),
      compute: () => separable(setting),
    })),
  },
  {
    name: 'drawn transposed convolutions',
    kernels: PLANE_KERNELS,
    cases: drawn('transposed', 60, draw => drawSetting(draw, plane)).map(setting => ({
      name: nameOf(setting),
      compute: () => transposed(setting),
    })),
  },
  {
    name: 'drawn dilated convolutions',
    kernels: ['Conv2D', 'DepthwiseConv2dNative'],
    cases: drawn('dilated', 40, dilated),
  },
];
