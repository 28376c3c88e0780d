import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IdbOutbox } from '../../../client/web/volunteering/idb-outbox.ts';
import { IdbStore } from '../../../client/web/volunteering/idb-store.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';

const name = sha256Hex(Uint8Array.of(1));
let databases = 0;
let database = '';

beforeEach(() => {
  databases += 1;
  database = `connection-${databases}`;
  // The database's own steps are no timeouts.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => vi.useRealTimers());

/**
 * Lets nobody open the database. Somebody wants to delete it, and waits for a page that does not let go of it, so that
 * whoever wants to open it waits behind.
 * @returns ends that
 */
function bar(): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database);
    opening.onerror = reject;
    opening.onsuccess = () => {
      indexedDB.deleteDatabase(database).onblocked = () => resolve(() => opening.result.close());
    };
  });
}

const outbox = (): IdbOutbox => new IdbOutbox(database, { locks: undefined, tab: 'one' });

/** What comes of it if time passes meanwhile. */
async function inTime<T>(what: Promise<T>): Promise<T> {
  const settled = what.then(
    value => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
  await vi.advanceTimersByTimeAsync(60_000);
  return (await settled)();
}

describe('a database that does not open, as happens in Safari', () => {
  test('keeps no blob, and nobody waits for it', async () => {
    const letGo = await bar();
    const store = new IdbStore(database);
    expect(await inTime(store.get(name))).toBeUndefined();
    // Whoever comes later does not wait anew.
    await store.put(name, Uint8Array.of(1));
    expect(await store.size()).toBe(0);
    letGo();
    await vi.waitFor(async () => {
      await store.put(name, Uint8Array.of(1));
      expect(await store.get(name)).toEqual(Uint8Array.of(1));
    });
  });

  test('keeps no update, which is said, until it opens after all', async () => {
    const letGo = await bar();
    const store = outbox();
    expect(await inTime(store.list())).toEqual([]);
    await expect(store.put(name, Uint8Array.of(1))).rejects.toThrow('this window keeps nothing');
    await expect(store.claim(name)).rejects.toThrow();
    letGo();
    await vi.waitFor(() => store.put(name, Uint8Array.of(1)));
    expect(await store.list()).toHaveLength(1);
  });
});

test('a browser without databases keeps nothing, and harms nobody', async () => {
  vi.stubGlobal('indexedDB', undefined);
  expect(await new IdbStore(database).get(name)).toBeUndefined();
  await expect(outbox().put(name, Uint8Array.of(1))).rejects.toThrow('this window keeps nothing');
  vi.unstubAllGlobals();
});
