import { expect, vi } from 'vitest';
import { startNodeHelper } from '../../client/headless/trainer-thread/kernel-helpers.ts';
import { startWasm } from '../../client/trainer/backends/start-wasm.ts';
import { registerWasmTrainingKernels } from '../../client/trainer/kernels/wasm/register-wasm-kernels.ts';
import type { SimdKind } from '../../client/trainer/simd/simd-module.ts';
import { makeHelpersBy } from '../../client/trainer/threads/helper-thread.ts';

/** The second byte of an instruction of relaxed SIMD: only the module that asks for relaxed SIMD has it. */
const RELAXED = 133;

/** Starts the WASM backend as on an engine with this SIMD, on so many threads. */
export async function startWasmWith(simd: SimdKind | null, threads = 1): Promise<void> {
  const { validate } = WebAssembly;
  const engine = vi
    .spyOn(WebAssembly, 'validate')
    .mockImplementation(
      bytes =>
        simd !== null && (simd === 'relaxed' || !isRelaxed(bytes)) && validate.call(WebAssembly, bytes),
    );
  makeHelpersBy(startNodeHelper);
  registerWasmTrainingKernels();
  const started = await startWasm({ backend: 'wasm', threads });
  engine.mockRestore();
  expect(started).toMatchObject({ threads, isRelaxed: simd && simd === 'relaxed' });
}

const isRelaxed = (bytes: BufferSource): boolean => bytes instanceof Uint8Array && bytes.includes(RELAXED);
