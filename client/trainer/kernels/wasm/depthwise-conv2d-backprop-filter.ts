import type {
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropFilterInputs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { DepthwiseConv2dNativeBackpropFilter } from '@tensorflow/tfjs-core';
import { type ConvInfo, convInfoOf } from './conv-info.ts';
import { addressOf, simdOn, windowSizes } from './simd-calls.ts';
import { isUndilated } from './simd-conv2d.ts';
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
  const isOneToOne = info.inChannels === info.outChannels;
  const simd = isOneToOne && isUndilated(info) ? simdOn(backend) : null;
  if (simd) {
    const items = info.filterHeight * info.filterWidth * Math.ceil(info.inChannels / 8);
    const addresses = [x, dy, dw].map(tensor => addressOf(simd, tensor));
    simd.kernels.run('depthwiseFilterGradient', items, [...addresses, info.batchSize, ...windowSizes(info)]);
    return dw;
  }
  const xs = heapFloats(backend, x);
  const dys = heapFloats(backend, dy);
  const dws = heapFloats(backend, dw);
  for (let kh = 0; kh < info.filterHeight; kh++) {
    for (let kw = 0; kw < info.filterWidth; kw++) tapGradient(xs, dys, info, kh, kw, dws);
  }
  return dw;
}

/**
 * The gradient of one tap, [C * M]. It takes four output channels at a time over every cell of the batch, so that
 * their sums stay in registers (and in float64). Channel by channel within a cell takes three times as long.
 */
function tapGradient(
  x: Float32Array,
  dy: Float32Array,
  info: ConvInfo,
  kh: number,
  kw: number,
  dw: Float32Array,
): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, strideHeight, strideWidth } = info;
  const tapRow = kh * info.dilationHeight - info.padInfo.top;
  const tapColumn = kw * info.dilationWidth - info.padInfo.left;
  const rows = outputsInside(outHeight, inHeight, strideHeight, -tapRow, 0);
  const columns = outputsInside(outWidth, inWidth, strideWidth, -tapColumn, 0);
  const xStep = strideWidth * inChannels;
  const tap = (kh * info.filterWidth + kw) * outChannels;
  for (let out = 0; out < outChannels; out += 4) {
    // Beyond the last channel, the last one is summed and written again, with the same value.
    const [c0, c1, c2, c3] = fourFrom(out, outChannels);
    const [x0, x1, x2, x3] = inChannelsOf(c0, c1, c2, c3, outChannels / inChannels);
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let n = 0; n < info.batchSize; n++) {
      for (let oh = rows.start; oh < rows.end; oh++) {
        const ih = oh * strideHeight + tapRow;
        let xFrom = ((n * inHeight + ih) * inWidth + columns.start * strideWidth + tapColumn) * inChannels;
        let from = ((n * outHeight + oh) * outWidth + columns.start) * outChannels;
        for (let ow = columns.start; ow < columns.end; ow++, xFrom += xStep, from += outChannels) {
          sum0 += (x[xFrom + x0] as number) * (dy[from + c0] as number);
          sum1 += (x[xFrom + x1] as number) * (dy[from + c1] as number);
          sum2 += (x[xFrom + x2] as number) * (dy[from + c2] as number);
          sum3 += (x[xFrom + x3] as number) * (dy[from + c3] as number);
        }
      }
    }
    dw[tap + c0] = sum0;
    dw[tap + c1] = sum1;
    dw[tap + c2] = sum2;
    dw[tap + c3] = sum3;
  }
}

type Four = readonly [number, number, number, number];

function fourFrom(channel: number, channels: number): Four {
  const last = channels - 1;
  return [channel, Math.min(channel + 1, last), Math.min(channel + 2, last), Math.min(channel + 3, last)];
}

/** The input channel that each output channel reads: `multiplier` neighbouring outputs share one. */
function inChannelsOf(c0: number, c1: number, c2: number, c3: number, multiplier: number): Four {
  const of = (channel: number) => Math.trunc(channel / multiplier);
  return [of(c0), of(c1), of(c2), of(c3)];
}

export const depthwiseConv2dBackpropFilterConfig = wasmKernel(
  DepthwiseConv2dNativeBackpropFilter,
  depthwiseConv2dBackpropFilter,
);
