/** The backend is gone for good: a lost device, a driver's fault. Another backend has to take over. */
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

export type BackendError = BackendLostError | OutOfMemoryError;
