import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type {
  Conv2DAttrs,
  Conv2DBackpropInputAttrs,
  Conv2DBackpropInputInputs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { Conv2DBackpropInput } from '@tensorflow/tfjs-core';
import { type ConvInfo, columnCount, convInfoOf, outputCells } from './conv-info.ts';
import { canBackpropAsConvolution, flipFilter, mirroredPad } from './flipped-filter.ts';
import { col2im } from './im2col.ts';
import { plainMatMul } from './plain-mat-mul.ts';
import { simdOn } from './simd-calls.ts';
import { isUndilated, simdInputGradient } from './simd-conv2d.ts';
import { stockConv2d } from './stock-conv2d.ts';
import { transposeMatrix } from './transpose-matrix.ts';
import { isFitting, withCorner } from './trim-gradient.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, viewAs, wasmKernel, withScratch } from './wasm-kernel.ts';

/**
 * Our SIMD kernel, or two ways by stock kernels. The stock kernel of this name is a scalar loop, some ten times
 * slower. A transposed convolution may be given more than its output's size implies: only the corner counts then.
 */
export function conv2dBackpropInput({
  inputs: { dy, filter },
  attrs,
  backend,
}: WasmKernelArgs<Conv2DBackpropInputInputs, Conv2DBackpropInputAttrs>): TensorInfo {
  const info = convInfoOf(attrs.inputShape, filter.shape, attrs);
  if (!isFitting(dy, info))
    return withCorner(backend, dy, info, corner =>
      conv2dBackpropInput({ inputs: { dy: corner, filter }, attrs, backend }),
    );
  const simd = isUndilated(info) ? simdOn(backend) : null;
  if (simd) return simdInputGradient(simd, dy, filter, { info, groups: 1 });
  return canBackpropAsConvolution(info)
    ? convolveFlipped(backend, dy, filter, info)
    : multiplyAndFold(backend, dy, filter, info);
}

/** For stride 1, dX is dY convolved with the filter turned by 180 degrees, with its channel axes swapped. */
function convolveFlipped(
  backend: BackendWasm,
  dy: TensorInfo,
  filter: TensorInfo,
  info: ConvInfo,
): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  return withScratch(backend, [filterHeight, filterWidth, outChannels, inChannels], flipped => {
    flipFilter(heapFloats(backend, filter), info, heapFloats(backend, flipped));
    const attrs: Conv2DAttrs = { strides: 1, pad: mirroredPad(info), dataFormat: 'NHWC', dilations: 1 };
    return stockConv2d(backend, { x: dy, filter: flipped }, attrs);
  });
}

/**
 * For any stride: columns [N * Ho * Wo, Kh * Kw * C] = dY * W^T, which are added back to the cells that they came
 * from.
 */
function multiplyAndFold(
  backend: BackendWasm,
  dy: TensorInfo,
  filter: TensorInfo,
  info: ConvInfo,
): TensorInfo {
  const taps = columnCount(info);
  const columns = withScratch(backend, [info.outChannels, taps], transposed => {
    transposeMatrix(
      heapFloats(backend, filter),
      0,
      taps,
      info.outChannels,
      heapFloats(backend, transposed),
      0,
    );
    return plainMatMul(backend, viewAs(dy, [outputCells(info), info.outChannels]), transposed);
  });
  const dx = backend.makeOutput(info.inShape, 'float32');
  col2im(heapFloats(backend, columns), info, heapFloats(backend, dx));
  backend.disposeData(columns.dataId);
  return dx;
}

export const conv2dBackpropInputConfig = wasmKernel(Conv2DBackpropInput, conv2dBackpropInput);
