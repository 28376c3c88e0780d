import type { DBSchema, IDBPDatabase } from 'idb';
import type { ByteStore } from '../../volunteer/byte-store.ts';
import { IdbConnection } from './idb-connection.ts';

/** Enough for the shards of a few large models and a data set. A browser grants a page much more. */
const MAX_BYTES = 500_000_000;

/** Pruning goes down to this share, so that the next puts do not prune again. */
const KEPT_SHARE = 0.8;

/** Looking at all entries is expensive, so not every put does it. A little more than the bound does no harm meanwhile. */
const CHECK_EVERY_BYTES = 16_000_000;

interface Entry {
  /** The name of the entry. In the databases that visitors already have the field is called so: names are hashes. */
  readonly sha256: string;
  readonly size: number;
  readonly usedAt: number;
}

/** The bytes are apart from the facts about them, because pruning and counting must not read hundreds of megabytes. */
interface BlobDb extends DBSchema {
  blobs: { key: string; value: Uint8Array<ArrayBuffer> };
  entries: { key: string; value: Entry; indexes: { usedAt: number } };
}

/** Keeps bytes in IndexedDB, in a database of the given name. */
export class IdbStore implements ByteStore {
  private readonly connection: IdbConnection<BlobDb>;
  /** Called after each entry that was written. */
  onWritten: () => void = () => {};
  private readonly maxBytes: number;
  /** Bytes that were put since the last check of the bound. It begins so high that the first put checks. */
  private unchecked: number;

  constructor(name: string, maxBytes = MAX_BYTES) {
    this.maxBytes = maxBytes;
    this.unchecked = maxBytes;
    this.connection = new IdbConnection(name, db => {
      db.createObjectStore('blobs');
      db.createObjectStore('entries', { keyPath: 'sha256' }).createIndex('usedAt', 'usedAt');
    });
  }

  get = (name: string): Promise<Uint8Array<ArrayBuffer> | undefined> =>
    this.attempt(undefined, async db => {
      const bytes = await db.get('blobs', name);
      if (bytes) void this.touch(db, name, bytes.length);
      return bytes;
    });

  put = (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> =>
    this.attempt(undefined, async db => {
      const writing = db.transaction(['blobs', 'entries'], 'readwrite');
      await Promise.all([
        writing.objectStore('blobs').put(bytes, name),
        writing.objectStore('entries').put({ sha256: name, size: bytes.length, usedAt: Date.now() }),
        writing.done,
      ]);
      this.unchecked += bytes.length;
      if (this.unchecked > Math.min(CHECK_EVERY_BYTES, this.maxBytes)) await this.prune(db);
      this.onWritten();
    });

  size = (): Promise<number> => this.attempt(0, async db => sizeOf(await db.getAll('entries')));

  clear = (): Promise<void> =>
    this.attempt(undefined, async db => {
      const clearing = db.transaction(['blobs', 'entries'], 'readwrite');
      await Promise.all([
        clearing.objectStore('blobs').clear(),
        clearing.objectStore('entries').clear(),
        clearing.done,
      ]);
    });

  private touch = (db: IDBPDatabase<BlobDb>, sha256: string, size: number): Promise<unknown> =>
    db.put('entries', { sha256, size, usedAt: Date.now() }).catch(() => {});

  private async prune(db: IDBPDatabase<BlobDb>): Promise<void> {
    this.unchecked = 0;
    const entries = await db.getAllFromIndex('entries', 'usedAt');
    let size = sizeOf(entries);
    if (size <= this.maxBytes) return;
    const pruning = db.transaction(['blobs', 'entries'], 'readwrite');
    for (const entry of entries) {
      if (size <= this.maxBytes * KEPT_SHARE) break;
      size -= entry.size;
      void pruning.objectStore('blobs').delete(entry.sha256);
      void pruning.objectStore('entries').delete(entry.sha256);
    }
    await pruning.done;
  }

  private async attempt<T>(otherwise: T, act: (db: IDBPDatabase<BlobDb>) => Promise<T>): Promise<T> {
    try {
      return await act(await this.connection.open());
    } catch {
      return otherwise;
    }
  }
}

const sizeOf = (entries: readonly Entry[]): number => entries.reduce((sum, { size }) => sum + size, 0);
