import { AbortError } from '../lease/work-pace.ts';
import {
  asBackendError,
  type BackendError,
  BackendLostError,
  isAllocationError,
  OutOfMemoryError,
} from './backend-errors.ts';

/** What is used here of a device. */
export type WatchedDevice = Pick<GPUDevice, 'lost' | 'addEventListener'>;

/**
 * What went wrong on a device since it was last asked. WebGPU reports errors apart from the calls that caused them,
 * and a tensor of a failed call reads as zeros. So whoever trusts a result asks here first.
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
      // The first error tells the cause: whatever uses the missing result complains too.
      this.failure ??= errorOf(event.error);
    });
  }

  /** The failure since the last call of `takeFailure`; a lost device stays lost. */
  takeFailure(): BackendError | null {
    const failure = this.failure;
    if (!(failure instanceof BackendLostError)) this.failure = null;
    return failure;
  }

  /** The device is let go on purpose: nothing that it reports from now on is a failure. */
  close(): void {
    this.isClosed = true;
  }
}

/**
 * A buffer larger than the device takes is a validation error. Smaller buffers cure it, as they cure too little
 * memory.
 */
const isTooLarge = (message: string): boolean =>
  /max(Buffer|StorageBufferBinding)Size|max .*buffer.* size|out of memory/i.test(message);

function errorOf({ message, constructor: { name } }: Error | GPUError): BackendError {
  return name === 'GPUOutOfMemoryError' || isTooLarge(message)
    ? new OutOfMemoryError(message)
    : new BackendLostError(message);
}

/** How reading from a device fails while it is being lost, perhaps before the device is reported as lost. */
const LOST_ERRORS: readonly string[] = ['AbortError', 'OperationError'];

/** The failure that a thrown error means: `createBuffer` of mapped memory throws if there is no memory. */
export function thrownGpuError(error: unknown): BackendError | null {
  const known = asBackendError(error);
  if (known || !(error instanceof Error) || error instanceof AbortError) return known;
  if (isAllocationError(error) || isTooLarge(error.message)) return new OutOfMemoryError(error.message);
  return LOST_ERRORS.includes(error.name) ? new BackendLostError(error.message || error.name) : null;
}
