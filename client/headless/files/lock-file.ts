import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivateFolder } from './private-folder.ts';

/** Lets the lock go. */
export type Unlock = () => void;

/** A database that nobody refers to is collected, and then its lock is gone: a holder may never come back to unlock. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock that one process at a time holds. It is the lock of an empty SQLite database: the operating system lets it
 * go with its process, so that a killed process leaves nothing behind that others wait for.
 * @returns null if somebody holds it
 */
export function lockFile(file: string): Unlock | null {
  makePrivateFolder(dirname(file));
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
    held.add(database);
    return () => unlock(database);
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw error;
  }
}

function unlock(database: DatabaseSync): void {
  held.delete(database);
  database.close();
}

/** SQLite's code for "somebody else holds it". */
const SQLITE_BUSY = 5;

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
