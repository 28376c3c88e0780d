import {
  DepthwiseConv2dNative,
  type DepthwiseConv2dNativeAttrs,
  type DepthwiseConv2dNativeInputs,
  FusedDepthwiseConv2D,
  type FusedDepthwiseConv2DAttrs,
  type FusedDepthwiseConv2DInputs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { type Fusion, finishFused } from './activation.ts';
import { type ConvInfo, convInfoOf } from './conv-info.ts';
import { addressOf, type Simd, simdOn } from './simd-calls.ts';
import { inputPadding, isUndilated, simdConv2d } from './simd-conv2d.ts';
import { withPadded } from './simd-padding.ts';
import { stockDepthwiseConv2d } from './stock-conv2d.ts';
import { viewAs, type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

type Args = WasmKernelArgs<DepthwiseConv2dNativeInputs, DepthwiseConv2dNativeAttrs>;

/**
 * Our SIMD kernels, and the stock one for a dilated filter of several outputs a channel. XNNPACK, on which the stock
 * one runs, turns NaN into the lowest number, which a relu then hides.
 */
export function depthwiseConv2d({ inputs, attrs, backend }: Args): TensorInfo {
  const { x, filter } = inputs;
  const info = convInfoOf(x.shape, filter.shape, attrs, true);
  const simd = simdOn(backend);
  if (simd && info.inChannels === info.outChannels) return convolveChannels(simd, x, filter, info);
  return simd && isUndilated(info)
    ? convolveGroups(simd, x, filter, info)
    : stockDepthwiseConv2d(backend, inputs, attrs);
}

/** One output a channel: lanes are channels. */
function convolveChannels(simd: Simd, x: TensorInfo, filter: TensorInfo, info: ConvInfo): TensorInfo {
  const y = simd.backend.makeOutput(info.outShape, 'float32');
  const { inChannels, outHeight, outWidth, filterHeight, filterWidth, dilationHeight, dilationWidth } = info;
  withPadded(simd, x, inputPadding(info), ({ start, image, row, pixel }) => {
    simd.kernels.run('depthwise', info.batchSize * outHeight, [
      ...[start, addressOf(simd, filter), addressOf(simd, y), inChannels, outHeight, outWidth],
      ...[filterHeight, filterWidth, image, info.strideHeight * row, info.strideWidth * pixel],
      ...[dilationHeight * row, dilationWidth * pixel],
    ]);
  });
  return y;
}

/** Several outputs a channel: [Kh, Kw, C, M] is the filter of a convolution in C groups as it lies. */
function convolveGroups(simd: Simd, x: TensorInfo, filter: TensorInfo, info: ConvInfo): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const asGroups = viewAs(filter, [filterHeight, filterWidth, 1, outChannels]);
  return simdConv2d(simd, x, asGroups, { info, groups: inChannels });
}

type FusedArgs = Omit<Args, 'inputs' | 'attrs'> & {
  readonly inputs: FusedDepthwiseConv2DInputs;
  readonly attrs: FusedDepthwiseConv2DAttrs & Fusion;
};

function fusedDepthwiseConv2d({ inputs, attrs, backend }: FusedArgs): TensorInfo {
  const { x, filter } = inputs;
  const product = depthwiseConv2d({
    inputs: { x, filter },
    attrs: { ...attrs, dataFormat: 'NHWC' },
    backend,
  });
  return finishFused(backend, product, { ...attrs, ...inputs });
}

export const depthwiseConv2dConfigs = [
  wasmKernel(DepthwiseConv2dNative, depthwiseConv2d),
  wasmKernel(FusedDepthwiseConv2D, fusedDepthwiseConv2d),
];
