import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { BatchMatMulAttrs, BatchMatMulInputs, TensorInfo } from '@tensorflow/tfjs-core';
import { BatchMatMul } from '@tensorflow/tfjs-core';
import { stockKernel, viewAs } from './wasm-kernel.ts';

const stockBatchMatMul = stockKernel<BatchMatMulInputs, BatchMatMulAttrs>(BatchMatMul);

/**
 * [m, k] * [k, n] by XNNPACK: the one fast case of the stock kernel. With a transposed operand, or a batch of more
 * than one, that kernel takes its scalar loop, about 12 times slower.
 * XNNPACK packs `b` once and keeps the packed copy until the tensor is disposed of. So a `b` that was multiplied must
 * never be overwritten: take a new tensor instead.
 */
export function plainMatMul(backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo {
  const [m, k] = lastTwo(a.shape);
  const [kOfB, n] = lastTwo(b.shape);
  const inputs = { a: viewAs(a, [1, m, k]), b: viewAs(b, [1, kOfB, n]) };
  const product = stockBatchMatMul(backend, inputs, { transposeA: false, transposeB: false });
  return { ...product, shape: [m, n] };
}

export function lastTwo(shape: readonly number[]): [number, number] {
  const rows = shape.at(-2);
  const columns = shape.at(-1);
  if (rows === undefined || columns === undefined) throw new Error(`expected a matrix, got shape [${shape}]`);
  return [rows, columns];
}
