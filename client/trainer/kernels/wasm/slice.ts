import type { SliceAttrs, SliceInputs, TensorInfo } from '@tensorflow/tfjs-core';
import { Slice, slice_util } from '@tensorflow/tfjs-core';
import { stockKernel, type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

const stockSlice = stockKernel<SliceInputs, SliceAttrs>(Slice);

/**
 * The stock kernel, with the check that the other backends make. Beyond the end it would leave part of its output as it
 * found it in memory.
 * @throws if the slice reaches beyond x
 */
export function slice({
  inputs: { x },
  attrs,
  backend,
}: WasmKernelArgs<SliceInputs, SliceAttrs>): TensorInfo {
  const [begin = [], size = []] = slice_util.parseSliceParams(x, attrs.begin, attrs.size);
  slice_util.assertParamsValid(x, begin, size);
  return stockSlice(backend, { x }, attrs);
}

export const sliceConfig = wasmKernel(Slice, slice);
