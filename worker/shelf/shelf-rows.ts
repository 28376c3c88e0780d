import type { ByteRange, ListedObject, PutCondition, StoredObject } from '../storage/bucket.ts';
import { StorageVersion } from '../storage/storage-version.ts';
import { shelfChanges } from './shelf-changes.ts';

/** More bytes than any object has: an upload has 100 MB. A chunk's number in its table is `version · 2²⁷ + its first byte`. */
const MOST_BYTES = 2 ** 27;

/** Behind each character that a key may have: they are printable ASCII. */
export const BEHIND_ALL = '\x7f';

/** An object as its row tells it. Its bytes lie in the chunks of its version. */
interface ObjectRow extends Record<string, SqlStorageValue> {
  readonly key: string;
  readonly version: number;
  readonly size: number;
  readonly etag: string;
  readonly uploaded: number;
  readonly metadata: string | null;
}

/**
 * The rows of a shelf. An object's row says which version of its bytes it has. Bytes that are put, or that are still read
 * after their object went, belong to no object. Their version is noted as loose, so that nothing is left of them if the
 * shelf fails. Version 0 is that of no bytes. Each row that is written costs, so an object of one chunk is two rows and no loose version.
 */
export class ShelfRows {
  private readonly storage: DurableObjectStorage;
  private readonly sql: SqlStorage;
  private readonly form: StorageVersion<SqlStorage>;
  private hasTables: boolean;
  private version = 0;

  constructor(storage: DurableObjectStorage) {
    [this.storage, this.sql] = [storage, storage.sql];
    this.form = new StorageVersion(storage, shelfChanges);
    this.hasTables = this.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'objects'").toArray().length > 0;
    if (!this.hasTables) return;
    const { last } = this.sql.exec<{ last: number | null }>('SELECT max(id) AS last FROM chunks').one();
    this.version = Math.ceil(((last ?? 0) + 1) / MOST_BYTES);
  }

  newVersion(): number {
    return ++this.version;
  }

  find(key: string): ObjectRow | null {
    if (!this.hasTables) return null;
    return this.sql.exec<ObjectRow>('SELECT * FROM objects WHERE key = ?', key).toArray()[0] ?? null;
  }

  /** The first object behind a key whose own key begins so. */
  next(prefix: string, behind: string): ListedObject | null {
    if (!this.hasTables) return null;
    const query = `SELECT key, size, uploaded, metadata FROM objects WHERE key > ? AND key >= ? AND key < ?
      ORDER BY key LIMIT 1`;
    const values = [behind, prefix, prefix + BEHIND_ALL];
    const [row] = this.sql
      .exec<Pick<ObjectRow, 'key' | 'size' | 'uploaded' | 'metadata'>>(query, ...values)
      .toArray();
    if (!row) return null;
    const { key, size, uploaded, metadata } = row;
    return { key, size, uploaded: new Date(uploaded), ...metadataIn(metadata) };
  }

  /** As many of a version's bytes as lie in the chunk of their first. */
  bytes(version: number, { offset, length }: Required<ByteRange>): Uint8Array {
    const id = version * MOST_BYTES + offset;
    const query =
      'SELECT substr(bytes, ? - id + 1, ?) AS bytes FROM chunks WHERE id <= ? ORDER BY id DESC LIMIT 1';
    const values = [id, length, id];
    return new Uint8Array(this.sql.exec<{ bytes: ArrayBuffer }>(query, ...values).one().bytes);
  }

  /** @throws if the object would have too many bytes, or if the disk is full */
  addChunk(version: number, offset: number, bytes: Uint8Array): void {
    if (offset + bytes.length > MOST_BYTES) throw new Error(`an object has at most ${MOST_BYTES} bytes`);
    this.sql.exec('INSERT INTO chunks (id, bytes) VALUES (?, ?)', version * MOST_BYTES + offset, bytes);
  }

  /** From now on this version belongs to no object. */
  loosen(version: number): void {
    this.sql.exec('INSERT INTO loose (version) VALUES (?)', version);
  }

  /** From now on it belongs to one. */
  bind(version: number): void {
    this.sql.exec('DELETE FROM loose WHERE version = ?', version);
  }

  replace({ key, version, size, etag, uploaded, metadata }: ObjectRow): void {
    const query = `INSERT INTO objects (key, version, size, etag, uploaded, metadata) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET version = excluded.version, size = excluded.size, etag = excluded.etag,
        uploaded = excluded.uploaded, metadata = excluded.metadata`;
    this.sql.exec(query, key, version, size, etag, uploaded, metadata);
  }

  remove(key: string): void {
    this.sql.exec('DELETE FROM objects WHERE key = ?', key);
  }

  dropChunks(version: number): void {
    this.sql.exec(
      'DELETE FROM chunks WHERE id >= ? AND id < ?',
      version * MOST_BYTES,
      (version + 1) * MOST_BYTES,
    );
  }

  loose(): number[] {
    if (!this.hasTables) return [];
    return this.sql
      .exec<{ version: number }>('SELECT version FROM loose')
      .toArray()
      .map(({ version }) => version);
  }

  isLoose(version: number): boolean {
    return this.loose().includes(version);
  }

  /** Whether there are tables and nothing in them. */
  get isEmpty(): boolean {
    const query = 'SELECT EXISTS (SELECT 1 FROM objects) OR EXISTS (SELECT 1 FROM loose) AS found';
    return this.hasTables && this.sql.exec<{ found: number }>(query).one().found === 0;
  }

  /** Nothing is left, not even an empty database. */
  async clear(): Promise<void> {
    this.hasTables = false;
    await this.storage.deleteAll();
  }

  /** Before anything is written, and in no transaction, which might be rolled back. */
  createTables(): void {
    if (this.hasTables) return;
    this.sql.exec(`
      CREATE TABLE IF NOT EXISTS objects (
        key TEXT PRIMARY KEY, version INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
        uploaded INTEGER NOT NULL, metadata TEXT) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS chunks (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
      CREATE TABLE IF NOT EXISTS loose (version INTEGER PRIMARY KEY);
    `);
    this.form.note();
    this.hasTables = true;
  }
}

export function storedObject({ key, size, etag, uploaded, metadata }: ObjectRow): StoredObject {
  return {
    ...{ key, size, httpEtag: `"${etag}"`, uploaded: new Date(uploaded) },
    ...metadataIn(metadata),
  };
}

const metadataIn = (json: string | null): Pick<ListedObject, 'customMetadata'> =>
  json === null ? {} : { customMetadata: JSON.parse(json) };

/** As R2 has it. */
export const meets = (there: ObjectRow | null, condition: PutCondition = {}): boolean =>
  there === null ||
  (condition.etagDoesNotMatch === undefined &&
    (condition.uploadedBefore === undefined || there.uploaded < condition.uploadedBefore.getTime()));
