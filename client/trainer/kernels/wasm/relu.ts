import { Relu, type ReluInputs, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { ReluGrad, type ReluGradInputs } from '../../ops/relu-gradient.ts';
import { clip } from './bounds.ts';
import { addressOf, elementBlocks, simdOn } from './simd-calls.ts';
import { heapFloats, stockKernel, type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

const stockRelu = stockKernel<ReluInputs, object>(Relu);

/** On all threads. The stock kernel compares floats as whole numbers, and makes 0 of a NaN whose sign is negative. */
function relu({ inputs: { x }, backend }: WasmKernelArgs<ReluInputs, object>): TensorInfo {
  if (x.dtype !== 'float32') return stockRelu(backend, { x }, {});
  const simd = simdOn(backend);
  if (!simd) return clip(backend, x, 0, Number.POSITIVE_INFINITY);
  const y = backend.makeOutput([...x.shape], 'float32');
  const count = util.sizeFromShape(x.shape);
  simd.kernels.run('relu', elementBlocks(count), [addressOf(simd, x), addressOf(simd, y), count]);
  return y;
}

/** One pass instead of a step function and a product. */
function reluGrad({ inputs: { y, dy }, backend }: WasmKernelArgs<ReluGradInputs, object>): TensorInfo {
  const dx = backend.makeOutput([...y.shape], 'float32');
  const simd = simdOn(backend);
  const count = util.sizeFromShape(y.shape);
  if (simd) {
    const addresses = [y, dy, dx].map(tensor => addressOf(simd, tensor));
    simd.kernels.run('reluGradient', elementBlocks(count), [...addresses, count]);
  } else keepWherePositive(heapFloats(backend, y), heapFloats(backend, dy), heapFloats(backend, dx));
  return dx;
}

function keepWherePositive(y: Float32Array, dy: Float32Array, dx: Float32Array): void {
  for (let i = 0; i < y.length; i++) dx[i] = (y[i] as number) > 0 ? (dy[i] as number) : 0;
}

export const reluConfigs = [wasmKernel(Relu, relu), wasmKernel(ReluGrad, reluGrad)];
