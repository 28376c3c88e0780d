import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startNodeHelper } from '../../../client/headless/trainer-thread/kernel-helpers.ts';
import { OutOfMemoryError } from '../../../client/trainer/backends/backend-errors.ts';
import { startWasm } from '../../../client/trainer/backends/start-wasm.ts';
import { simdKernels } from '../../../client/trainer/simd/simd-module.ts';
import { makeHelpersBy } from '../../../client/trainer/threads/helper-thread.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Expects that the registered backend computes. */
async function expectWorking(): Promise<void> {
  expect(await tf.setBackend('wasm')).toBe(true);
  expect([...(await tf.matMul([[1, 2]], [[3], [4]]).data())]).toEqual([11]);
}

describe('startWasm', () => {
  it('takes one thread unless it is told that it may take more', async () => {
    expect(await startWasm({ backend: 'wasm' })).toMatchObject({ threads: 1, note: null });
    await expectWorking();
  });

  it('takes one thread if no helper can be made, and says so', async () => {
    const started = await startWasm({ backend: 'wasm', threads: 4 });
    expect(started).toMatchObject({ threads: 1, note: expect.stringContaining('1 thread') });
    await expectWorking();
  });

  it('takes one thread in a page that is not isolated, and says so', async () => {
    makeHelpersBy(startNodeHelper);
    vi.stubGlobal('crossOriginIsolated', false);
    const started = await startWasm({ backend: 'wasm', threads: 4 });
    expect(started).toMatchObject({ threads: 1, note: expect.stringContaining('cannot be shared') });
    await expectWorking();
  });

  it('takes the threads it may, and reads tensors back from shared memory', async () => {
    expect(await startWasm({ backend: 'wasm', threads: 2 })).toMatchObject({ threads: 2, note: null });
    await expectWorking();
  });

  it('keeps neither helpers nor kernels on the old memory if it does not start again', async () => {
    await startWasm({ backend: 'wasm', threads: 2 });
    expect(simdKernels()).not.toBeNull();
    await expect(startWasm({ backend: 'wasm', wasmPaths: '/nowhere/' })).rejects.toThrow();
    expect(simdKernels()).toBeNull();
  });

  it('takes a smaller shared memory if the device has no room for a large one', async () => {
    const instantiate = WebAssembly.instantiate;
    let refusals = 0;
    vi.spyOn(WebAssembly, 'instantiate').mockImplementation((...args: Parameters<typeof instantiate>) => {
      refusals += 1;
      return refusals > 2 ? instantiate(...args) : Promise.reject(new RangeError('out of memory'));
    });
    expect(await startWasm({ backend: 'wasm', threads: 2 })).toMatchObject({ threads: 2, note: null });
    await expectWorking();
  });

  it('works without SIMD, on tfjs’s kernels and one thread, and says so', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const started = await startWasm({ backend: 'wasm', threads: 2 });
    expect(started).toMatchObject({ threads: 1, isRelaxed: null, note: expect.stringContaining('no SIMD') });
    await expectWorking();
  });

  it.each([
    ['more than there is memory left', 4e8],
    ['more than WebAssembly can address', 1.1e9],
  ])('throws where a tensor takes %s, and goes on', async (_size, numbers) => {
    await startWasm({ backend: 'wasm', threads: 2 });
    await expectWorking();
    const backend = tf.backend() as BackendWasm;
    // Three gigabytes that are taken and never touched.
    const taken = [1, 2, 3].map(() => backend.makeOutput([2.5e8], 'float32'));
    expect(() => backend.makeOutput([numbers], 'float32')).toThrow(OutOfMemoryError);
    for (const { dataId } of taken) backend.disposeData(dataId);
    await expectWorking();
  });

  it('leaves it to Node to report errors that nobody caught', async () => {
    const listeners = (): number[] =>
      (['uncaughtException', 'unhandledRejection'] as const).map(event => process.listenerCount(event));
    const before = listeners();
    await startWasm({ backend: 'wasm' });
    expect(listeners()).toEqual(before);
  });

  it('rejects if tfjs’s binary cannot be read', async () => {
    await expect(startWasm({ backend: 'wasm', wasmPaths: '/nowhere/' })).rejects.toThrow(/nowhere/);
  });
});
