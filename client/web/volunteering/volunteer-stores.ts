import { createNonce } from '../../platform/create-nonce.ts';
import { maxKeptBytes } from '../../volunteer/tensor-keeper.ts';
import { IdbOutbox } from './idb-outbox.ts';
import { IdbStore } from './idb-store.ts';

/** All runs share one blob cache, because names are hashes. */
export const blobCache = new IdbStore('homeroom-blobs');

export const residualStore = new IdbStore('homeroom-residuals', maxKeptBytes);

/** Trained updates that wait for the platform. To clear what was downloaded does not take them along. */
export const outboxStore = new IdbOutbox('homeroom-outbox', { locks: navigator.locks, tab: tabName() });

const downloads = [blobCache, residualStore];

/** What volunteering keeps in this browser. */
export interface Stored {
  /** Of models and data. */
  readonly bytes: number;
  /** Those that wait for the platform, of all runs. */
  readonly updates: number;
  readonly updateBytes: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

export async function measureStored(): Promise<Stored> {
  const [sizes, updates] = await Promise.all([
    Promise.all(downloads.map(store => store.size())),
    outboxStore.list(),
  ]);
  const updateBytes = sum(updates.map(({ bytes }) => bytes));
  return { bytes: sum(sizes), updates: updates.length, updateBytes };
}

export async function clearDownloads(): Promise<void> {
  await Promise.all(downloads.map(store => store.clear()));
}

/** One that a tab is sending is sent all the same, if nothing goes wrong. The others are lost. */
export async function clearUpdates(): Promise<void> {
  const updates = await outboxStore.list();
  await Promise.all(updates.map(({ name }) => outboxStore.remove(name)));
}

/** Sets the listener that hears of each change. Null removes it. */
export function onStored(listener: (() => void) | null): void {
  for (const store of [...downloads, outboxStore]) store.onWritten = listener ?? (() => {});
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
