import { type KeptUpdate, keptBytes, withoutLeavings, writeUpdate } from './kept-update.ts';
import { makeRoom, type OutboxLimits, outboxLimits } from './outbox-rules.ts';
import type { OutboxStore } from './outbox-store.ts';

export interface Keeping {
  readonly store: OutboxStore;
  readonly limits?: OutboxLimits;
  /** In words for people, what was given up. */
  readonly onDropped: (what: string) => void;
}

/**
 * Keeps an update on this device. If it is too large with what it leaves, it is kept without.
 * @throws Error that says why it is not kept
 */
export async function keepUpdate(update: KeptUpdate, name: string, keeping: Keeping): Promise<void> {
  const { store, limits = outboxLimits } = keeping;
  const kept = keptBytes(update) > limits.bytes ? withoutLeavings(update) : update;
  await clear(keptBytes(kept), keeping);
  await store.put(name, writeUpdate(kept));
}

/** @throws if there is no room for so many bytes more, even if all goes that nobody is sending */
async function clear(bytes: number, { store, limits = outboxLimits, onDropped }: Keeping): Promise<void> {
  if (bytes > limits.bytes) throw new Error('it is too large');
  const entries = await store.list();
  const sum = entries.reduce((total, entry) => total + entry.bytes, bytes);
  if (entries.length < limits.updates && sum <= limits.bytes) return;
  const claims = await Promise.all(
    entries.map(async entry => ({ entry, letGo: await store.claim(entry.name).catch(() => null) })),
  );
  try {
    const free = claims.flatMap(({ entry, letGo }) => (letGo ? [entry] : []));
    const gone = makeRoom(entries, free, bytes, limits);
    if (!gone) throw new Error('too many updates wait already');
    await Promise.all(gone.map(name => store.remove(name)));
    if (gone.length > 0)
      onDropped(`${gone.length} kept updates were given up, the oldest ones, to make room`);
  } finally {
    for (const { letGo } of claims) letGo?.();
  }
}
