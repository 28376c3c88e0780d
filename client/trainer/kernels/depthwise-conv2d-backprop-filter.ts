import type {
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropFilterInputs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { DepthwiseConv2dNativeBackpropFilter } from '@tensorflow/tfjs-core';
import { type ConvInfo, convInfoOf } from './conv-info.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, wasmKernel } from './wasm-kernel.ts';
import { outputsInside } from './window.ts';

/** dW [Kh, Kw, C, M]: for each tap and channel the dot product of x, moved by the tap, with dY. */
function depthwiseConv2dBackpropFilter({
  inputs: { x, dy },
  attrs,
  backend,
}: WasmKernelArgs<
  DepthwiseConv2dNativeBackpropFilterInputs,
  DepthwiseConv2dNativeBackpropFilterAttrs
>): TensorInfo {
  const info = convInfoOf(x.shape, attrs.filterShape, attrs, true);
  const dw = backend.makeOutput(attrs.filterShape, 'float32');
  const xs = heapFloats(backend, x);
  const dys = heapFloats(backend, dy);
  const dws = heapFloats(backend, dw);
  for (let kh = 0; kh < info.filterHeight; kh++) {
    for (let kw = 0; kw < info.filterWidth; kw++) {
      const sums = tapGradient(xs, dys, info, kh, kw);
      dws.set(sums, (kh * info.filterWidth + kw) * info.outChannels);
    }
  }
  return dw;
}

/** The gradient of one tap, [C * M]; in float64 because it sums over every output cell of the batch. */
function tapGradient(
  x: Float32Array,
  dy: Float32Array,
  info: ConvInfo,
  kh: number,
  kw: number,
): Float64Array {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, strideHeight, strideWidth } = info;
  const multiplier = outChannels / inChannels;
  const tapRow = kh * info.dilationHeight - info.padInfo.top;
  const tapColumn = kw * info.dilationWidth - info.padInfo.left;
  const rows = outputsInside(outHeight, inHeight, strideHeight, -tapRow, 0);
  const columns = outputsInside(outWidth, inWidth, strideWidth, -tapColumn, 0);
  const sums = new Float64Array(outChannels);
  for (let n = 0; n < info.batchSize; n++) {
    for (let oh = rows.start; oh < rows.end; oh++) {
      const xRow = (n * inHeight + oh * strideHeight + tapRow) * inWidth;
      for (let ow = columns.start; ow < columns.end; ow++) {
        const xFrom = (xRow + ow * strideWidth + tapColumn) * inChannels;
        let from = ((n * outHeight + oh) * outWidth + ow) * outChannels;
        for (let c = 0, out = 0; c < inChannels; c++) {
          const xValue = x[xFrom + c] as number;
          for (let m = 0; m < multiplier; m++, out++, from++) {
            sums[out] = (sums[out] as number) + xValue * (dy[from] as number);
          }
        }
      }
    }
  }
  return sums;
}

export const depthwiseConv2dBackpropFilterConfig = wasmKernel(
  DepthwiseConv2dNativeBackpropFilter,
  depthwiseConv2dBackpropFilter,
);
