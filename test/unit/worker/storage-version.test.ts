import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import {
  NewerStorageError,
  type StorageChange,
  StorageVersion,
} from '../../../worker/storage/storage-version.ts';

type Storage = ConstructorParameters<typeof StorageVersion>[0];

/** As much of an object's storage as is used, on SQLite itself. */
function storageOf(database: DatabaseSync): Storage {
  const exec = (query: string, ...values: number[]) => {
    const rows = database.prepare(query).all(...values);
    return { toArray: () => rows };
  };
  const transactionSync = (write: () => unknown): unknown => {
    database.exec('BEGIN');
    try {
      const result = write();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  };
  return { sql: { exec }, transactionSync } as unknown as Storage;
}

const create = (table: string): StorageChange<DatabaseSync> => ({
  name: table,
  apply: database => database.exec(`CREATE TABLE ${table} (one)`),
});

const failing: StorageChange<DatabaseSync> = {
  name: 'failing',
  apply: () => {
    throw new Error('the disk is full');
  },
};

const tablesOf = (database: DatabaseSync): unknown[] =>
  database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'storage_version' ORDER BY name",
    )
    .all()
    .map(({ name }) => name);

test('each change is applied once, in its order, however often the object wakes', () => {
  const database = new DatabaseSync(':memory:');
  const storage = storageOf(database);
  new StorageVersion(storage, [create('first')]).upgrade(database);
  for (let wake = 0; wake < 2; wake++)
    new StorageVersion(storage, [create('first'), create('second')]).upgrade(database);
  expect(tablesOf(database)).toEqual(['first', 'second']);
});

test('if a change fails, none of its kind is kept, and the next wake applies all', () => {
  const database = new DatabaseSync(':memory:');
  const storage = storageOf(database);
  const upgrade = (changes: readonly StorageChange<DatabaseSync>[]): void =>
    new StorageVersion(storage, changes).upgrade(database);
  expect(() => upgrade([create('first'), failing])).toThrow('the disk is full');
  expect(tablesOf(database)).toEqual([]);
  upgrade([create('first'), create('second')]);
  expect(tablesOf(database)).toEqual(['first', 'second']);
});

test('an object that begins in this form has nothing to take over', () => {
  const database = new DatabaseSync(':memory:');
  const storage = storageOf(database);
  new StorageVersion(storage, [failing]).note();
  new StorageVersion(storage, [failing]).upgrade(database);
  expect(tablesOf(database)).toEqual([]);
});

test('what a newer release has written is refused, and to look at an object that keeps nothing leaves nothing', () => {
  const database = new DatabaseSync(':memory:');
  const storage = storageOf(database);
  new StorageVersion(storage, []);
  expect(database.prepare('SELECT * FROM sqlite_master').all()).toEqual([]);
  new StorageVersion(storage, [create('first'), create('second')]).upgrade(database);
  expect(() => new StorageVersion(storage, [create('first')])).toThrow(NewerStorageError);
});
