import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 200;

/**
 * Acts while no other process acts under the same lock. The lock is that of an empty SQLite database. The operating
 * system frees it when its process ends, so nobody waits for a build that was killed.
 * @param onWait called once if another process holds the lock
 */
export async function whileLocked<T>(file: string, act: () => Promise<T>, onWait: () => void): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  try {
    for (let tries = 0; !tryLock(database); tries++) {
      if (tries === 0) onWait();
      await sleep(RETRY_MS);
    }
    return await act();
  } finally {
    database.close();
  }
}

/** SQLite's code if somebody else holds the lock. */
const SQLITE_BUSY = 5;

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}
