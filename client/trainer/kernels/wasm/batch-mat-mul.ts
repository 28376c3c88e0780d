import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type {
  _FusedMatMulAttrs,
  _FusedMatMulInputs,
  BatchMatMulAttrs,
  BatchMatMulInputs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { _FusedMatMul, BatchMatMul, broadcast_util, util } from '@tensorflow/tfjs-core';
import { type Fusion, finishFused } from './activation.ts';
import { canFuse } from './fused.ts';
import { lastTwo, plainMatMul } from './plain-mat-mul.ts';
import { type Simd, simdOn } from './simd-calls.ts';
import { canMultiply, type Operand, simdMatMul, sizeAsMultiplied } from './simd-mat-mul.ts';
import { transposeMatrix } from './transpose-matrix.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, stockKernel, wasmKernel, withScratch } from './wasm-kernel.ts';

/**
 * Multiply-adds of one matrix product. With fewer, the stock scalar loop (about 1.2 per ns) is done before an XNNPACK
 * operator is made, packed and freed (about 15 microseconds).
 */
const MIN_XNNPACK_MULTIPLY_ADDS = 32 * 1024;

const stockBatchMatMul = stockKernel<BatchMatMulInputs, BatchMatMulAttrs>(BatchMatMul);

/**
 * Uses our SIMD kernels, or, without them, XNNPACK for every product that is worth it. The stock kernel uses XNNPACK
 * only for a batch of one without transposes. But the gradient of a matMul always transposes one operand, and
 * attention multiplies batches.
 */
function batchMatMul({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<BatchMatMulInputs, BatchMatMulAttrs>): TensorInfo {
  const a = operand(inputs.a, attrs.transposeA);
  const b = operand(inputs.b, attrs.transposeB);
  const simd = simdForProduct(backend, a, b);
  if (simd) return multiplyBySimd(simd, a, b, null, false);
  return isWorthXnnpack(a, b) ? multiplyOneByOne(backend, a, b) : stockBatchMatMul(backend, inputs, attrs);
}

function operand(tensor: TensorInfo, isTransposed: boolean): Operand {
  const [rows, columns] = lastTwo(tensor.shape);
  return { tensor, batch: util.sizeFromShape(tensor.shape.slice(0, -2)), rows, columns, isTransposed };
}

function isWorthXnnpack(a: Operand, b: Operand): boolean {
  const isAlreadyPlain = a.batch === 1 && b.batch === 1 && !a.isTransposed && !b.isTransposed;
  const isFloat = a.tensor.dtype === 'float32' && b.tensor.dtype === 'float32';
  // The stock kernel repeats an operand only if the other one has the whole batch. This kernel does the same.
  const isSimpleBatch = a.batch === b.batch || a.batch === 1 || b.batch === 1;
  const [outRows, inner] = sizeAsMultiplied(a);
  const isLarge = outRows * inner * sizeAsMultiplied(b)[1] >= MIN_XNNPACK_MULTIPLY_ADDS;
  return !isAlreadyPlain && isFloat && isSimpleBatch && isLarge;
}

type FusedArgs = Omit<WasmKernelArgs<_FusedMatMulInputs, _FusedMatMulAttrs & Fusion>, 'inputs'> & {
  readonly inputs: _FusedMatMulInputs;
};

/** The forward pass of a dense layer: bias and relu in the same pass, any other activation in a pass of its own. */
function fusedMatMul({ inputs, attrs, backend }: FusedArgs): TensorInfo {
  const a = operand(inputs.a, attrs.transposeA);
  const b = operand(inputs.b, attrs.transposeB);
  const isFusable = !a.isTransposed && canFuse(attrs, inputs.bias, sizeAsMultiplied(b)[1]);
  const simd = isFusable ? simdForProduct(backend, a, b) : null;
  if (simd) return multiplyBySimd(simd, a, b, inputs.bias ?? null, attrs.activation === 'relu');
  const product = batchMatMul({ inputs, attrs, backend });
  return finishFused(backend, product, { ...attrs, ...inputs });
}

function simdForProduct(backend: BackendWasm, a: Operand, b: Operand): Simd | null {
  const isFloat = a.tensor.dtype === 'float32' && b.tensor.dtype === 'float32';
  const isSimpleBatch = a.batch === b.batch || a.batch === 1 || b.batch === 1;
  return isFloat && isSimpleBatch && canMultiply(a, b) ? simdOn(backend) : null;
}

function multiplyBySimd(
  simd: Simd,
  a: Operand,
  b: Operand,
  bias: TensorInfo | null,
  isRelu: boolean,
): TensorInfo {
  const product = simd.backend.makeOutput(productShape(a, b), 'float32');
  simdMatMul(simd, a, b, product, bias, isRelu);
  return product;
}

/** @throws Error if the inner sizes differ */
function productShape(a: Operand, b: Operand): number[] {
  const [outRows, inner] = sizeAsMultiplied(a);
  const [innerOfB, outColumns] = sizeAsMultiplied(b);
  util.assert(inner === innerOfB, () => `matMul: inner sizes ${inner} and ${innerOfB} must match`);
  const outerShape = broadcast_util.assertAndGetBroadcastShape(
    a.tensor.shape.slice(0, -2),
    b.tensor.shape.slice(0, -2),
  );
  return [...outerShape, outRows, outColumns];
}

function multiplyOneByOne(backend: BackendWasm, a: Operand, b: Operand): TensorInfo {
  const out = backend.makeOutput(productShape(a, b), 'float32');
  const [outRows, outColumns] = [sizeAsMultiplied(a)[0], sizeAsMultiplied(b)[1]];
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
 * Hands over matrix `index` of the stack, not transposed: the tensor itself if it is already that, else a copy. The
 * copy is a new tensor each time, because XNNPACK caches packed weights by tensor.
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
export const fusedMatMulConfig = wasmKernel(_FusedMatMul, fusedMatMul);
