import * as tf from '@tensorflow/tfjs-core';
import { type Draw, drawn } from '../draw.ts';
import { type CaseGroup, type KernelCase, noise } from '../kernel-case.ts';

/** Products and convolutions with bias and activation in one kernel: layers call them if nothing is differentiated. */

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'prelu', 'leakyrelu'] as const;
type Activation = (typeof ACTIVATIONS)[number];

/** What a fused kernel takes beside its two operands, for so many output channels. */
function extras(activation: Activation, channels: number, hasBias: boolean) {
  return {
    ...(hasBias ? { bias: noise([channels], 3) } : {}),
    activation,
    leakyreluAlpha: 0.3,
    ...(activation === 'prelu' ? { preluActivationWeights: noise([channels], 4) } : {}),
  };
}

const drawProduct = (draw: Draw) => ({
  sizes: draw.sizes(3, 12),
  transposeA: draw.whole(0, 1) === 1,
  transposeB: draw.whole(0, 1) === 1,
  hasBias: draw.whole(0, 2) > 0,
});

const productCases = drawn('fused product', 12, drawProduct).flatMap(
  ({ sizes: [m = 1, k = 1, n = 1], transposeA, transposeB, hasBias }) =>
    ACTIVATIONS.map((activation): KernelCase => {
      const [a, b] = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
      return {
        name: `[${a}] by [${b}], turned ${transposeA} ${transposeB}, bias ${hasBias}, ${activation}`,
        compute: () => [
          tf.fused.matMul({
            ...{ a: noise(a, 1), b: noise(b, 2), transposeA, transposeB },
            ...extras(activation, n, hasBias),
          }),
        ],
      };
    }),
);

const drawConvolution = (draw: Draw) => ({
  image: [draw.whole(1, 2), ...draw.sizes(2, 8), draw.whole(1, 6)] as [number, number, number, number],
  filter: draw.sizes(2, 3),
  outputs: draw.whole(1, 5),
  strides: draw.sizes(2, 3) as [number, number],
  hasBias: draw.whole(0, 2) > 0,
});

function convolutionCases(isDepthwise: boolean): KernelCase[] {
  const op = isDepthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
  return drawn(`fused ${isDepthwise}`, 12, drawConvolution).flatMap(
    ({ image, filter: taps, outputs, strides, hasBias }) =>
      ACTIVATIONS.map((activation): KernelCase => {
        const filter = [...taps, image[3], outputs];
        return {
          name: `[${image}], filter [${filter}], strides [${strides}], bias ${hasBias}, ${activation}`,
          compute: () => [
            op({
              ...{ x: noise(image, 1) as tf.Tensor4D, filter: noise(filter, 2) as tf.Tensor4D },
              ...{ strides, pad: 'same' },
              ...extras(activation, isDepthwise ? image[3] * outputs : outputs, hasBias),
            }),
          ],
        };
      }),
  );
}

export const DRAWN_FUSED_GROUPS: readonly CaseGroup[] = [
  { name: 'drawn fused products', kernels: ['_FusedMatMul'], cases: productCases },
  { name: 'drawn fused activations', kernels: ['FusedConv2D'], cases: convolutionCases(false) },
  {
    name: 'drawn fused depthwise activations',
    kernels: ['FusedDepthwiseConv2D'],
    cases: convolutionCases(true),
  },
];
