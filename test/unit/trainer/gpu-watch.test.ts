import { afterEach, expect, it, vi } from 'vitest';
import { BackendLostError, OutOfMemoryError } from '../../../client/trainer/backends/backend-errors.ts';
import { thrownGpuError } from '../../../client/trainer/backends/gpu-watch.ts';
import { hasRealGpu } from '../../../client/trainer/backends/start-webgpu.ts';
import { AbortError } from '../../../client/trainer/lease/work-pace.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What an engine throws because of a lease's own numbers. */
function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

const recurse = (): unknown => [recurse()];

it.each([
  ['a buffer that finds no room', new RangeError('createBuffer failed, size is too large'), OutOfMemoryError],
  [
    'a buffer larger than the device takes',
    new Error('Buffer size exceeds the max buffer size limit'),
    OutOfMemoryError,
  ],
  [
    'a read of a device that is being lost',
    new DOMException('A valid external Instance', 'AbortError'),
    BackendLostError,
  ],
  ['a read that failed', new DOMException('', 'OperationError'), BackendLostError],
])('takes %s for the device’s failure', (_name, error, kind) => {
  expect(thrownGpuError(error)).toBeInstanceOf(kind);
});

it.each([
  ['a lease that was cancelled', new AbortError()],
  ['a broken version', new Error('a segment’s shards do not hold its tensors')],
  ['a network too deep for the stack', thrownBy(recurse)],
  ['an impossible length', thrownBy(() => new Uint8Array(-1))],
  ['no error at all', undefined],
])('does not blame the device for %s', (_name, error) => {
  expect(thrownGpuError(error)).toBeNull();
});

/** The first engines with WebGPU have no `GPUAdapter.info`. */
it.each([
  ['a card', { isFallbackAdapter: false }, true],
  ['a renderer on the processor', { isFallbackAdapter: true }, false],
  ['a named renderer on the processor', { info: { architecture: 'swiftshader' } }, false],
])('knows %s by what an engine says of it', async (_name, adapter, isReal) => {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } });
  expect(await hasRealGpu()).toBe(isReal);
});

it('treats an engine whose WebGPU throws like one without WebGPU', async () => {
  vi.stubGlobal('navigator', {
    gpu: {
      requestAdapter: () => {
        throw new TypeError('Illegal invocation');
      },
    },
  });
  expect(await hasRealGpu()).toBe(false);
});
