import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { ReluGrad, type ReluGradInputs } from '../../ops/relu-gradient.ts';
import { addressOf, elementBlocks, simdOn } from './simd-calls.ts';
import { heapFloats, type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

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

export const reluGradConfig = wasmKernel(ReluGrad, reluGrad);
