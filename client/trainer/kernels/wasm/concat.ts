import type { ConcatAttrs, SplitVAttrs, SplitVInputs, TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, Concat, getKernel, SplitV, util } from '@tensorflow/tfjs-core';
import { addressOf, FLOAT, type Simd, simdOn } from './simd-calls.ts';
import { type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

const stockConcat = getKernel(Concat, 'wasm').kernelFunc;
const stockSplit = getKernel(SplitV, 'wasm').kernelFunc;

type ConcatInputs = readonly TensorInfo[];

/** DenseNet's joints: for every pixel one copy a tensor. The stock kernel makes two views of the heap for each. */
function concat({ inputs, attrs, backend }: WasmKernelArgs<ConcatInputs, ConcatAttrs>) {
  const tensors = inputs.filter(({ shape }) => util.sizeFromShape(shape) > 0);
  const [first, second] = tensors;
  const [axis = 0] = util.parseAxisParam(attrs.axis, first ? [...first.shape] : []);
  const simd = second && tensors.every(isFloat) ? simdOn(backend) : null;
  if (!simd) return stockConcat({ inputs: [...inputs] as never, attrs: { ...attrs }, backend });
  const shapes = tensors.map(({ shape }) => [...shape]);
  backend_util.assertParamsConsistent(shapes, axis);
  const joined = backend.makeOutput(backend_util.computeOutShape(shapes, axis), 'float32');
  let before = 0;
  for (const tensor of tensors) before += copyPart(simd, tensor, joined, axis, before, 'join');
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
    const part = backend.makeOutput(x.shape.with(axis, size), 'float32');
    before += copyPart(simd, part, x, axis, before, 'part');
    return part;
  });
}

const isFloat = ({ dtype }: TensorInfo): boolean => dtype === 'float32';

/**
 * Copies a part into the whole or out of it, `before` bytes from the start of each of the whole's rows.
 * @returns bytes of the part's rows
 */
function copyPart(
  simd: Simd,
  part: TensorInfo,
  whole: TensorInfo,
  axis: number,
  before: number,
  direction: 'join' | 'part',
): number {
  const rowBytes = ({ shape }: TensorInfo) => util.sizeFromShape(shape.slice(axis)) * FLOAT;
  const [partBytes, wholeBytes] = [rowBytes(part), rowBytes(whole)];
  const rows = util.sizeFromShape(part.shape.slice(0, axis));
  const [partAt, wholeAt] = [addressOf(simd, part), addressOf(simd, whole) + before];
  const args =
    direction === 'join'
      ? [partAt, wholeAt, partBytes, wholeBytes, partBytes]
      : [wholeAt, partAt, wholeBytes, partBytes, partBytes];
  simd.kernels.run('copyRows', rows, args);
  return partBytes;
}

export const concatConfig = wasmKernel(Concat, concat);
export const splitConfig = wasmKernel(SplitV, split);
