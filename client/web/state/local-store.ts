import * as z from 'zod/mini';

/** A private window may forbid storage, or storage may be full. The pages then work without a memory. */
export function readStored<T>(storage: Storage, key: string, schema: z.core.$ZodType<T>): T | null {
  try {
    return z.safeParse(schema, JSON.parse(storage.getItem(key) ?? 'null')).data ?? null;
  } catch {
    return null;
  }
}

export function writeStored(storage: Storage, key: string, value: unknown): void {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Nobody has to know. What could not be kept is asked for again.
  }
}

/** Whether something is kept under this key beyond the life of the page. */
export function isStored(storage: Storage, key: string): boolean {
  // `no-start.js` puts an object that forgets in the place of a storage that is forbidden.
  return !('isForgetful' in storage) && storage.getItem(key) !== null;
}

export function removeStored(storage: Storage, key: string): void {
  try {
    storage.removeItem(key);
  } catch {
    // Nobody has to know this either.
  }
}
