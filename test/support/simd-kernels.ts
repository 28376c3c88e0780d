import { readFileSync } from 'node:fs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {
  instantiateSimd,
  onThisThread,
  type SimdPaths,
  setSimdKernels,
} from '../../client/trainer/simd/simd-module.ts';

const binaryOf = (kind: keyof SimdPaths): URL =>
  new URL(`../../client/trainer/simd/build/kernels-${kind}.wasm`, import.meta.url);

/** Our module as built. @throws where it is not: run `npm run build:kernels` */
export const readSimdBinary = (kind: keyof SimdPaths): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(binaryOf(kind)));

/** Puts one of the two binaries to work on the stock WASM backend, which must be the one in use, on this thread. */
export function useSimdKernels(kind: keyof SimdPaths): void {
  const module = new WebAssembly.Module(readSimdBinary(kind));
  setSimdKernels(onThisThread(instantiateSimd(module, tfjsMemory()), kind === 'relaxed'));
}

/** The memory of tfjs's backend, among what emscripten exports. */
function tfjsMemory(): WebAssembly.Memory {
  const { wasm } = tf.backend() as BackendWasm;
  return (wasm as unknown as { readonly asm: { readonly memory: WebAssembly.Memory } }).asm.memory;
}
