import { createNonce } from '../../platform/create-nonce.ts';
import { maxKeptBytes } from '../../volunteer/tensor-keeper.ts';
import { IdbOutbox } from './idb-outbox.ts';
import { IdbStore } from './idb-store.ts';

/** All runs share one blob cache, because names are hashes. */
export const blobCache = new IdbStore('homeroom-blobs');

export const residualStore = new IdbStore('homeroom-residuals', maxKeptBytes);

/** Trained updates that wait for the platform. To clear what was downloaded does not take them along. */
export const outboxStore = new IdbOutbox('homeroom-outbox', { locks: navigator.locks, tab: tabName() });

const stores = [blobCache, residualStore];

/** Bytes that volunteering keeps in this browser. */
export async function storedBytes(): Promise<number> {
  const sizes = await Promise.all(stores.map(store => store.size()));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export async function clearStored(): Promise<void> {
  await Promise.all(stores.map(store => store.clear()));
}

/** Sets the listener that hears of each entry that is written. Null removes it. */
export function onStored(listener: (() => void) | null): void {
  for (const store of stores) store.onWritten = listener ?? (() => {});
}

/** The same when the tab is loaded again. */
function tabName(): string {
  const KEY = 'homeroom:tab';
  try {
    const known = sessionStorage.getItem(KEY);
    const name = known ?? createNonce();
    if (known === null) sessionStorage.setItem(KEY, name);
    return name;
  } catch {
    // Storage is forbidden. Then there is no outbox either.
    return createNonce();
  }
}
