import { maxResidualBytes } from '../../volunteer/residuals.ts';
import { IdbStore } from './idb-store.ts';

/** One blob cache for every run: names are hashes. */
export const blobCache = new IdbStore('homeroom-blobs');

export const residualStore = new IdbStore('homeroom-residuals', maxResidualBytes);

const stores = [blobCache, residualStore];

/** Bytes that volunteering keeps in this browser. */
export async function storedBytes(): Promise<number> {
  const sizes = await Promise.all(stores.map(store => store.size()));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export async function clearStored(): Promise<void> {
  await Promise.all(stores.map(store => store.clear()));
}

/** Who is told of each entry that is written; null: nobody. */
export function onStored(listener: (() => void) | null): void {
  for (const store of stores) store.onWritten = listener ?? (() => {});
}
