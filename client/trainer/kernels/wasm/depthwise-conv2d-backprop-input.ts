import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type {
  DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
  DepthwiseConv2dNativeBackpropInputInputs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { DepthwiseConv2dNativeBackpropInput } from '@tensorflow/tfjs-core';
import { type ConvInfo, convInfoOf } from './conv-info.ts';
import { depthwiseConv2d } from './depthwise-conv2d.ts';
import { canBackpropAsConvolution, flipDepthwiseFilter, mirroredPad } from './flipped-filter.ts';
import { addressOf, type Simd, simdOn, windowSizes } from './simd-calls.ts';
import { isUndilated } from './simd-conv2d.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, wasmKernel, withScratch } from './wasm-kernel.ts';
import { outputsInside } from './window.ts';

function depthwiseConv2dBackpropInput({
  inputs: { dy, filter },
  attrs,
  backend,
}: WasmKernelArgs<
  DepthwiseConv2dNativeBackpropInputInputs,
  DepthwiseConv2dNativeBackpropInputAttrs
>): TensorInfo {
  const info = convInfoOf(attrs.inputShape, filter.shape, attrs, true);
  const isOneToOne = info.inChannels === info.outChannels;
  if (isOneToOne && canBackpropAsConvolution(info)) return convolveFlipped(backend, dy, filter, info);
  const simd = isOneToOne && isUndilated(info) ? simdOn(backend) : null;
  return simd ? scatterBySimd(simd, dy, filter, info) : scatterTaps(backend, dy, filter, info);
}

function scatterBySimd(simd: Simd, dy: TensorInfo, filter: TensorInfo, info: ConvInfo): TensorInfo {
  const dx = simd.backend.makeOutput(info.inShape, 'float32');
  const addresses = [dy, filter, dx].map(tensor => addressOf(simd, tensor));
  simd.kernels.run('depthwiseInputGradient', info.batchSize, [...addresses, ...windowSizes(info)]);
  return dx;
}

/** For stride 1, dX is dY convolved with the filter turned by 180 degrees. */
function convolveFlipped(
  backend: BackendWasm,
  dy: TensorInfo,
  filter: TensorInfo,
  info: ConvInfo,
): TensorInfo {
  return withScratch(backend, filter.shape, flipped => {
    flipDepthwiseFilter(heapFloats(backend, filter), info, heapFloats(backend, flipped));
    const attrs: DepthwiseConv2dNativeAttrs = {
      strides: 1,
      pad: mirroredPad(info),
      dataFormat: 'NHWC',
      dilations: 1,
    };
    return depthwiseConv2d({ inputs: { x: dy, filter: flipped }, attrs, backend });
  });
}

/**
 * For any stride: multiplies every dY by each tap of its channel's filter, and adds the product to the cell that the
 * tap read.
 */
function scatterTaps(backend: BackendWasm, dy: TensorInfo, filter: TensorInfo, info: ConvInfo): TensorInfo {
  const dx = backend.makeOutput(info.inShape, 'float32');
  const dys = heapFloats(backend, dy);
  const filters = heapFloats(backend, filter);
  const dxs = heapFloats(backend, dx).fill(0);
  for (let kh = 0; kh < info.filterHeight; kh++) {
    for (let kw = 0; kw < info.filterWidth; kw++) addTap(dys, filters, info, kh, kw, dxs);
  }
  return dx;
}

function addTap(
  dy: Float32Array,
  filter: Float32Array,
  info: ConvInfo,
  kh: number,
  kw: number,
  dx: Float32Array,
): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, strideHeight, strideWidth } = info;
  const multiplier = outChannels / inChannels;
  const tapRow = kh * info.dilationHeight - info.padInfo.top;
  const tapColumn = kw * info.dilationWidth - info.padInfo.left;
  const rows = outputsInside(outHeight, inHeight, strideHeight, -tapRow, 0);
  const columns = outputsInside(outWidth, inWidth, strideWidth, -tapColumn, 0);
  const tap = (kh * info.filterWidth + kw) * outChannels;
  for (let n = 0; n < info.batchSize; n++) {
    for (let oh = rows.start; oh < rows.end; oh++) {
      const dxRow = (n * inHeight + oh * strideHeight + tapRow) * inWidth;
      for (let ow = columns.start; ow < columns.end; ow++) {
        const to = (dxRow + ow * strideWidth + tapColumn) * inChannels;
        let from = ((n * outHeight + oh) * outWidth + ow) * outChannels;
        for (let c = 0, out = tap; c < inChannels; c++) {
          let sum = 0;
          for (let m = 0; m < multiplier; m++, out++, from++)
            sum += (filter[out] as number) * (dy[from] as number);
          dx[to + c] = (dx[to + c] as number) + sum;
        }
      }
    }
  }
}

export const depthwiseConv2dBackpropInputConfig = wasmKernel(
  DepthwiseConv2dNativeBackpropInput,
  depthwiseConv2dBackpropInput,
);
