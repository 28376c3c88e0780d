import { setTimeout as sleep } from 'node:timers/promises';
import { lockFile, type Unlock } from '../files/lock-file.ts';

const RETRY_MS = 200;

/**
 * Acts while no other process does so under the same lock.
 * @param onWait called once if another process holds the lock
 */
export async function whileLocked<T>(file: string, act: () => Promise<T>, onWait: () => void): Promise<T> {
  const unlock = lockFile(file) ?? (await waitForLock(file, onWait));
  try {
    return await act();
  } finally {
    unlock();
  }
}

async function waitForLock(file: string, onWait: () => void): Promise<Unlock> {
  onWait();
  for (;;) {
    await sleep(RETRY_MS);
    const unlock = lockFile(file);
    if (unlock) return unlock;
  }
}
