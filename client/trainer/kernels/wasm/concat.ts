import type { ConcatAttrs, SplitVAttrs, SplitVInputs, TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, Concat, getKernel, SplitV, util } from '@tensorflow/tfjs-core';
import { addressOf, FLOAT, type Simd, simdOn } from './simd-calls.ts';
import { type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

const stockConcat = getKernel(Concat, 'wasm').kernelFunc;
const stockSplit = getKernel(SplitV, 'wasm').kernelFunc;

type ConcatInputs = readonly TensorInfo[];

/** DenseNet's joints: one copy for every pixel and tensor. The stock kernel makes two views of the heap for each. */
function concat({ inputs, attrs, backend }: WasmKernelArgs<ConcatInputs, ConcatAttrs>) {
  const tensors = inputs.filter(({ shape }) => util.sizeFromShape(shape) > 0);
  const second = tensors[1];
  const [axis = 0] = util.parseAxisParam(attrs.axis, [...(inputs[0]?.shape ?? [])]);
  const simd = second && tensors.every(isFloat) ? simdOn(backend) : null;
  if (!simd) return stockConcat({ inputs: [...inputs] as never, attrs: { ...attrs }, backend });
  const shapes = tensors.map(({ shape }) => [...shape]);
  backend_util.assertParamsConsistent(shapes, axis);
  const joined = backend.makeOutput(backend_util.computeOutShape(shapes, axis), 'float32');
  let before = 0;
  for (const tensor of tensors) before += copySlice(simd, tensor, joined, axis, before, 'join');
  return joined;
}

/** The gradient of a concatenation. */
function split({ inputs: { x }, attrs, backend }: WasmKernelArgs<SplitVInputs, SplitVAttrs>) {
  const simd = isFloat(x) ? simdOn(backend) : null;
  if (!simd) return stockSplit({ inputs: { x }, attrs: { ...attrs }, backend });
  const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
  const sizes = backend_util.prepareSplitSize(
    x as Parameters<typeof backend_util.prepareSplitSize>[0],
    attrs.numOrSizeSplits,
    axis,
  );
  let before = 0;
  return sizes.map(size => {
    const slice = backend.makeOutput(x.shape.with(axis, size), 'float32');
    before += copySlice(simd, slice, x, axis, before, 'split');
    return slice;
  });
}

const isFloat = ({ dtype }: TensorInfo): boolean => dtype === 'float32';

/**
 * Copies a slice into the whole or out of it. The slice begins `before` bytes after the start of each of the whole's
 * rows.
 * @returns bytes of the slice's rows
 */
function copySlice(
  simd: Simd,
  slice: TensorInfo,
  whole: TensorInfo,
  axis: number,
  before: number,
  direction: 'join' | 'split',
): number {
  const rowBytes = ({ shape }: TensorInfo) => util.sizeFromShape(shape.slice(axis)) * FLOAT;
  const [sliceBytes, wholeBytes] = [rowBytes(slice), rowBytes(whole)];
  const rows = util.sizeFromShape(slice.shape.slice(0, axis));
  const [sliceAt, wholeAt] = [addressOf(simd, slice), addressOf(simd, whole) + before];
  const args =
    direction === 'join'
      ? [sliceAt, wholeAt, sliceBytes, wholeBytes, sliceBytes]
      : [wholeAt, sliceAt, wholeBytes, sliceBytes, sliceBytes];
  simd.kernels.run('copyRows', rows, args);
  return sliceBytes;
}

export const concatConfig = wasmKernel(Concat, concat);
export const splitConfig = wasmKernel(SplitV, split);
