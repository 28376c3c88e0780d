import type {
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropFilterInputs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { Conv2DBackpropFilter } from '@tensorflow/tfjs-core';
import { columnCount, convInfoOf, outputCells } from './conv-info.ts';
import { im2colTransposed } from './im2col.ts';
import { plainMatMul } from './plain-mat-mul.ts';
import { simdOn } from './simd-calls.ts';
import { isUndilated } from './simd-conv2d.ts';
import { simdFilterGradient } from './simd-filter-gradient.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, viewAs, wasmKernel, withScratch } from './wasm-kernel.ts';

/**
 * Our SIMD kernel, or without it
 * dW [Kh, Kw, C, Co] = im2col(x)^T [Kh * Kw * C, N * Ho * Wo] * dY [N * Ho * Wo, Co].
 * The column matrix is written once, already transposed, so that a single plain matMul (XNNPACK) does the sum.
 */
export function conv2dBackpropFilter({
  inputs: { x, dy },
  attrs,
  backend,
}: WasmKernelArgs<Conv2DBackpropFilterInputs, Conv2DBackpropFilterAttrs>): TensorInfo {
  const info = convInfoOf(x.shape, attrs.filterShape, attrs);
  const simd = isUndilated(info) ? simdOn(backend) : null;
  if (simd) return simdFilterGradient(simd, x, dy, { info, groups: 1 });
  const columnShape = [columnCount(info), outputCells(info)] as const;
  return withScratch(backend, columnShape, columns => {
    im2colTransposed(heapFloats(backend, x), info, heapFloats(backend, columns));
    const dw = plainMatMul(backend, columns, viewAs(dy, [outputCells(info), info.outChannels]));
    return { ...dw, shape: info.filterShape };
  });
}

export const conv2dBackpropFilterConfig = wasmKernel(Conv2DBackpropFilter, conv2dBackpropFilter);
