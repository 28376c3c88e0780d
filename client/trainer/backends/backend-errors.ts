/** The backend is gone for good: a lost device, or a driver's fault. Another backend has to take over. */
export class BackendLostError extends Error {
  constructor(why: string) {
    super(`the graphics device failed: ${why}`);
    this.name = 'BackendLostError';
  }
}

/** The device has no room for this batch; half of it may fit. */
export class OutOfMemoryError extends Error {
  constructor(why: string) {
    super(`out of memory: ${why}`);
    this.name = 'OutOfMemoryError';
  }
}

/** A helper thread failed or never came back, and left items undone; one thread can do them all. */
export class ThreadsLostError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'ThreadsLostError';
  }
}

/**
 * A kernel gave up on the lease's numbers. A smaller batch does not help, and nobody knows what its memory holds now.
 */
export class TrapError extends Error {
  constructor(why: string) {
    super(`a kernel trapped: ${why}`);
    this.name = 'TrapError';
  }
}

export type BackendError = BackendLostError | OutOfMemoryError | ThreadsLostError | TrapError;

const KINDS = [BackendLostError, OutOfMemoryError, ThreadsLostError, TrapError] as const;

/** The error if it is a backend's, else null. */
export const asBackendError = (error: unknown): BackendError | null =>
  KINDS.some(kind => error instanceof kind) ? (error as BackendError) : null;

/** How engines word an allocation that finds no room. Too deep a stack or an impossible length is a RangeError too. */
export const isAllocationError = (error: Error): boolean =>
  error instanceof RangeError &&
  /alloc|createBuffer|mappedAtCreation|out of memory|memory size|memory\.grow/i.test(error.message);
