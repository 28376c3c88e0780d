import { Add, type AddInputs, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, elementBlocks, type Simd, simdOn } from './simd-calls.ts';
import { stockKernel, type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

const stockAdd = stockKernel<AddInputs, object>(Add);

/**
 * Adds residual joints and biases, for which the stock kernel uses one thread. All other broadcasts go to the stock
 * kernel.
 */
function add({ inputs: { a, b }, backend }: WasmKernelArgs<AddInputs, object>): TensorInfo {
  const isFloat = a.dtype === 'float32' && b.dtype === 'float32';
  const simd = isFloat ? simdOn(backend) : null;
  if (simd && util.arraysEqual(a.shape, b.shape)) return addEqual(simd, a, b);
  if (simd && isBias(a, b)) return addBias(simd, a, b);
  return stockAdd(backend, { a, b }, {});
}

/** Whether b is one number for each place of a's last axis. */
function isBias(a: TensorInfo, b: TensorInfo): boolean {
  const size = util.sizeFromShape(b.shape);
  return b.shape.length <= a.shape.length && size === b.shape.at(-1) && size === a.shape.at(-1);
}

function addEqual(simd: Simd, a: TensorInfo, b: TensorInfo): TensorInfo {
  const sum = simd.backend.makeOutput([...a.shape], 'float32');
  const count = util.sizeFromShape(a.shape);
  const addresses = [a, b, sum].map(tensor => addressOf(simd, tensor));
  simd.kernels.run('add', elementBlocks(count), [...addresses, count]);
  return sum;
}

function addBias(simd: Simd, a: TensorInfo, bias: TensorInfo): TensorInfo {
  const sum = simd.backend.makeOutput([...a.shape], 'float32');
  const columns = a.shape.at(-1) ?? 1;
  const addresses = [a, bias, sum].map(tensor => addressOf(simd, tensor));
  simd.kernels.run('addRow', util.sizeFromShape(a.shape) / columns, [...addresses, columns]);
  return sum;
}

export const addConfig = wasmKernel(Add, add);
