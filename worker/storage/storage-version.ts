/** What a release changed of the storage of a class of objects. It is applied once to each object, in one transaction. */
export interface StorageChange<T> {
  readonly name: string;
  readonly apply: (storage: T) => void;
}

/** One row. What releases before this table kept has none, and counts as version 0. */
const TABLE = 'storage_version';

/** By this text a route knows the error, which comes through a call of an object without its class. */
const NEWER = 'a newer release of this platform has written what is stored here';

/** A release before the one that wrote it. It must not touch what it does not know. */
export class NewerStorageError extends Error {
  constructor(found: number, known: number) {
    super(`${NEWER}: version ${found}, and this one knows ${known}`);
    this.name = 'NewerStorageError';
  }
}

export const isNewerStorage = (error: unknown): boolean =>
  error instanceof Error && error.message.includes(NEWER);

type Storage = Pick<DurableObjectStorage, 'sql' | 'transactionSync'>;

/**
 * Which form the storage of one object has. A class has a list of numbered changes, and a released one stays as it is: a new
 * one is added at the end. An object that keeps nothing has no version, so that to wake it leaves nothing behind.
 */
export class StorageVersion<T> {
  private readonly storage: Storage;
  private readonly changes: readonly StorageChange<T>[];

  /** @throws NewerStorageError before anything else is read or written */
  constructor(storage: Storage, changes: readonly StorageChange<T>[]) {
    [this.storage, this.changes] = [storage, changes];
    const found = read(storage.sql);
    if (found > changes.length) throw new NewerStorageError(found, changes.length);
  }

  /** Applies the changes that this object has not had, all or none. To be called if the object keeps anything. */
  upgrade(target: T): void {
    const found = read(this.storage.sql);
    if (found === this.changes.length) return;
    this.storage.transactionSync(() => {
      for (const { apply } of this.changes.slice(found)) apply(target);
      this.note();
    });
  }

  /** The object begins to keep something, in the form of this release. */
  note(): void {
    write(this.storage.sql, this.changes.length);
  }
}

function read(sql: SqlStorage): number {
  if (sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', TABLE).toArray().length === 0) return 0;
  return sql.exec<{ version: number }>(`SELECT version FROM ${TABLE}`).toArray()[0]?.version ?? 0;
}

function write(sql: SqlStorage, version: number): void {
  sql.exec(
    `CREATE TABLE IF NOT EXISTS ${TABLE} (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL)`,
  );
  sql.exec(
    `INSERT INTO ${TABLE} (one, version) VALUES (1, ?) ON CONFLICT DO UPDATE SET version = excluded.version`,
    version,
  );
}
