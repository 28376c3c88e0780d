import { AbortError } from '../lease/work-pace.ts';
import {
  asBackendError,
  type BackendError,
  BackendLostError,
  isAllocationError,
  OutOfMemoryError,
} from './backend-errors.ts';

/** As much of a device as is watched. */
export type WatchedDevice = Pick<GPUDevice, 'lost' | 'addEventListener'>;

/**
 * What went wrong on a device since it was last asked. WebGPU tells of errors beside the calls that caused them, and a
 * tensor made by a call that failed reads as zeros: whoever trusts a result asks here first.
 */
export class GpuWatch {
  private failure: BackendError | null = null;
  private isClosed = false;

  constructor(device: WatchedDevice) {
    device.lost.then(({ message, reason }) => {
      if (!this.isClosed) this.failure = new BackendLostError(message || reason || 'no reason given');
    });
    device.addEventListener('uncapturederror', event => {
      event.preventDefault();
      // The first tells the cause: whatever uses what was not made complains too.
      this.failure ??= errorOf(event.error);
    });
  }

  /** The failure since the last call of `takeFailure`; a lost device stays lost. */
  takeFailure(): BackendError | null {
    const failure = this.failure;
    if (!(failure instanceof BackendLostError)) this.failure = null;
    return failure;
  }

  /** The device is let go on purpose: what it says from now on is no failure. */
  close(): void {
    this.isClosed = true;
  }
}

/** A buffer larger than the device takes is a validation error, and cured as too little memory is: by smaller ones. */
const isTooLarge = (message: string): boolean =>
  /max(Buffer|StorageBufferBinding)Size|max .*buffer.* size|out of memory/i.test(message);

function errorOf({ message, constructor: { name } }: Error | GPUError): BackendError {
  return name === 'GPUOutOfMemoryError' || isTooLarge(message)
    ? new OutOfMemoryError(message)
    : new BackendLostError(message);
}

/** How reading from a device that is going fails, perhaps before the device is told to be lost. */
const LOST_ERRORS: readonly string[] = ['AbortError', 'OperationError'];

/** The same for what a call threw: `createBuffer` of mapped memory throws where there is none. */
export function thrownGpuError(error: unknown): BackendError | null {
  const known = asBackendError(error);
  if (known || !(error instanceof Error) || error instanceof AbortError) return known;
  if (isAllocationError(error) || isTooLarge(error.message)) return new OutOfMemoryError(error.message);
  return LOST_ERRORS.includes(error.name) ? new BackendLostError(error.message || error.name) : null;
}
