/** Something took longer than it may. Whether it happens after all is not known. */
export class LateError extends Error {
  constructor(ms: number) {
    super(`no reply in ${ms} ms`);
    this.name = 'LateError';
  }
}

/**
 * A call of storage or of another object, which may never come back.
 * @throws LateError if it takes longer
 */
export async function inTime<P extends Promise<unknown>>(promise: P, ms: number): Promise<Awaited<P>> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(ms)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
