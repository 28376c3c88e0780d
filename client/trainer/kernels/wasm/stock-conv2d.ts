import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  Conv2D,
  type Conv2DAttrs,
  type Conv2DInputs,
  DepthwiseConv2dNative,
  type DepthwiseConv2dNativeAttrs,
  type DepthwiseConv2dNativeInputs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { type ConvInfo, convInfoOf } from './conv-info.ts';
import { type Given, stockKernel } from './wasm-kernel.ts';

const conv2d = stockKernel<Conv2DInputs, Conv2DAttrs>(Conv2D);
const depthwiseConv2d = stockKernel<DepthwiseConv2dNativeInputs, DepthwiseConv2dNativeAttrs>(
  DepthwiseConv2dNative,
);

/**
 * tfjs's own convolution, on XNNPACK, with `same` in numbers. tfjs hands `same` on as a word, and XNNPACK then makes no
 * operator if the stride is larger than the filter along some axis; nothing reports that, and the output stays empty.
 */
export function stockConv2d(
  backend: BackendWasm,
  inputs: Given<Conv2DInputs>,
  attrs: Conv2DAttrs,
): TensorInfo {
  const info = convInfoOf(inputs.x.shape, inputs.filter.shape, attrs);
  return conv2d(backend, inputs, { ...attrs, pad: attrs.pad === 'same' ? padInNumbers(info) : attrs.pad });
}

/** The same for a depthwise convolution. */
export function stockDepthwiseConv2d(
  backend: BackendWasm,
  inputs: Given<DepthwiseConv2dNativeInputs>,
  attrs: DepthwiseConv2dNativeAttrs,
): TensorInfo {
  const info = convInfoOf(inputs.x.shape, inputs.filter.shape, attrs, true);
  return depthwiseConv2d(backend, inputs, {
    ...attrs,
    pad: attrs.pad === 'same' ? padInNumbers(info) : attrs.pad,
  });
}

type PadInNumbers = [[number, number], [number, number], [number, number], [number, number]];

function padInNumbers({ padInfo: { top, bottom, left, right } }: ConvInfo): PadInNumbers {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
