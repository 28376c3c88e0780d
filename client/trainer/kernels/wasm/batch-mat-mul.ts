import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { BatchMatMulAttrs, BatchMatMulInputs, TensorInfo } from '@tensorflow/tfjs-core';
import { BatchMatMul, broadcast_util, util } from '@tensorflow/tfjs-core';
import { lastTwo, plainMatMul } from './plain-mat-mul.ts';
import { transposeMatrix } from './transpose-matrix.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, stockKernel, wasmKernel, withScratch } from './wasm-kernel.ts';

/**
 * Multiply-adds of one matrix product below which the stock scalar loop (about 1.2 per ns) is done before an
 * XNNPACK operator is made, packed and freed (about 15 microseconds).
 */
const MIN_XNNPACK_MULTIPLY_ADDS = 32 * 1024;

const stockBatchMatMul = stockKernel<BatchMatMulInputs, BatchMatMulAttrs>(BatchMatMul);

/** An operand as a stack of matrices, each stored as [rows, columns] and read transposed if the flag says so. */
interface Operand {
  readonly tensor: TensorInfo;
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly isTransposed: boolean;
}

/**
 * XNNPACK for every product that is worth it. The stock kernel uses it only for a batch of one without
 * transposes, but the gradient of a matMul always transposes one operand and attention multiplies batches.
 */
function batchMatMul({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<BatchMatMulInputs, BatchMatMulAttrs>): TensorInfo {
  const a = operand(inputs.a, attrs.transposeA);
  const b = operand(inputs.b, attrs.transposeB);
  return isWorthXnnpack(a, b) ? multiplyOneByOne(backend, a, b) : stockBatchMatMul(backend, inputs, attrs);
}

function operand(tensor: TensorInfo, isTransposed: boolean): Operand {
  const [rows, columns] = lastTwo(tensor.shape);
  return { tensor, batch: util.sizeFromShape(tensor.shape.slice(0, -2)), rows, columns, isTransposed };
}

function isWorthXnnpack(a: Operand, b: Operand): boolean {
  const isAlreadyPlain = a.batch === 1 && b.batch === 1 && !a.isTransposed && !b.isTransposed;
  const isFloat = a.tensor.dtype === 'float32' && b.tensor.dtype === 'float32';
  // The stock kernel repeats one operand only where the other has the whole batch, and so does this one.
  const isSimpleBatch = a.batch === b.batch || a.batch === 1 || b.batch === 1;
  const [outRows, inner] = read(a);
  const isLarge = outRows * inner * read(b)[1] >= MIN_XNNPACK_MULTIPLY_ADDS;
  return !isAlreadyPlain && isFloat && isSimpleBatch && isLarge;
}

/** Rows and columns of the matrix as multiplied. */
function read({ rows, columns, isTransposed }: Operand): [number, number] {
  return isTransposed ? [columns, rows] : [rows, columns];
}

function multiplyOneByOne(backend: BackendWasm, a: Operand, b: Operand): TensorInfo {
  const [outRows, inner] = read(a);
  const [innerOfB, outColumns] = read(b);
  util.assert(inner === innerOfB, () => `matMul: inner sizes ${inner} and ${innerOfB} must match`);
  const outerShape = broadcast_util.assertAndGetBroadcastShape(
    a.tensor.shape.slice(0, -2),
    b.tensor.shape.slice(0, -2),
  );
  const out = backend.makeOutput([...outerShape, outRows, outColumns], 'float32');
  const outSize = outRows * outColumns;
  for (let i = 0; i < Math.max(a.batch, b.batch); i++) {
    const product = withMatrix(backend, a, i, aMatrix =>
      withMatrix(backend, b, i, bMatrix => plainMatMul(backend, aMatrix, bMatrix)),
    );
    heapFloats(backend, out).set(heapFloats(backend, product), i * outSize);
    backend.disposeData(product.dataId);
  }
  return out;
}

/**
 * Hands matrix `index` of the stack over, not transposed: the tensor itself where it is that already, else a
 * copy. The copy is a new tensor each time because XNNPACK caches packed weights by tensor.
 */
function withMatrix(
  backend: BackendWasm,
  { tensor, batch, rows, columns, isTransposed }: Operand,
  index: number,
  use: (matrix: TensorInfo) => TensorInfo,
): TensorInfo {
  if (batch === 1 && !isTransposed) return use(tensor);
  const from = batch === 1 ? 0 : index * rows * columns;
  return withScratch(backend, isTransposed ? [columns, rows] : [rows, columns], matrix => {
    const source = heapFloats(backend, tensor);
    const target = heapFloats(backend, matrix);
    if (isTransposed) transposeMatrix(source, from, rows, columns, target, 0);
    else target.set(source.subarray(from, from + rows * columns));
    return use(matrix);
  });
}

export const batchMatMulConfig = wasmKernel(BatchMatMul, batchMatMul);
