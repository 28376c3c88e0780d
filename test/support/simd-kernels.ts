import { readFileSync } from 'node:fs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {
  KERNEL_NAMES,
  type SimdKernels,
  type SimdKind,
  setSimdKernels,
} from '../../client/trainer/simd/simd-module.ts';
import { callerOf } from '../../client/trainer/threads/serve-kernels.ts';

const binaryOf = (kind: SimdKind): URL =>
  new URL(`../../client/trainer/simd/build/kernels-${kind}.wasm`, import.meta.url);

/** Our module as built. @throws where it is not: run `npm run build kernels` */
export const readSimdBinary = (kind: SimdKind): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(binaryOf(kind)));

/** How work items are split: the ranges of one call, in the order in which they run. */
export type Split = (items: number) => readonly (readonly [from: number, to: number])[];

const inOneCall: Split = items => [[0, items]];

/** Puts one of the two binaries to work on the stock WASM backend, which must be the one in use, on this thread. */
export function useSimdKernels(kind: SimdKind, split = inOneCall): void {
  const module = new WebAssembly.Module(readSimdBinary(kind));
  const call = callerOf({ module, memory: tfjsMemory(), kernels: KERNEL_NAMES });
  const run: SimdKernels['run'] = (kernel, items, args) => {
    for (const [from, to] of split(items)) call(KERNEL_NAMES.indexOf(kernel), args, from, to);
  };
  setSimdKernels({ isRelaxed: kind === 'relaxed', run });
}

/** The memory of tfjs's backend, among what emscripten exports. */
function tfjsMemory(): WebAssembly.Memory {
  const { wasm } = tf.backend() as BackendWasm;
  return (wasm as unknown as { readonly asm: { readonly memory: WebAssembly.Memory } }).asm.memory;
}
