import { expect, it } from 'vitest';
import { BackendLostError, OutOfMemoryError } from '../../client/trainer/backends/backend-errors.ts';
import { thrownGpuError } from '../../client/trainer/backends/gpu-watch.ts';
import { AbortError } from '../../client/trainer/work-pace.ts';

it.each([
  ['a buffer that finds no room', new RangeError('createBuffer failed, size is too large'), OutOfMemoryError],
  [
    'a buffer larger than the device takes',
    new Error('Buffer size exceeds the max buffer size limit'),
    OutOfMemoryError,
  ],
  [
    'a read of a device that is going',
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
  ['no error at all', undefined],
])('does not blame the device for %s', (_name, error) => {
  expect(thrownGpuError(error)).toBeNull();
});
