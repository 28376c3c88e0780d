import { existsSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNameOfKept } from '../../volunteer/outbox/kept-update.ts';
import type { KeptEntry, LetGo, OutboxStore } from '../../volunteer/outbox/outbox-store.ts';
import { describeFileError } from './describe-file-error.ts';
import { lockFile } from './lock-file.ts';
import { processMark } from './process-mark.ts';

/**
 * Each update is a file of its name, readable to its owner alone, for it holds the token of its lease. It is moved into
 * place whole. Who sends it holds the lock beside it, which the system lets go with the process.
 */
export function openFolderOutbox(folder: string): OutboxStore {
  const fileOf = (name: string): string => join(folder, name);
  return {
    list: async () => {
      await removeLeftLocks(folder);
      return listUpdates(folder);
    },
    get: name =>
      readFile(fileOf(name)).then(
        bytes => new Uint8Array(bytes),
        () => undefined,
      ),
    put: async (name, bytes) => {
      const partial = `${fileOf(name)}.${process.pid}.part`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await removeBroken(folder);
        // Flushed: after a power cut it is there whole, or not at all.
        await writeFile(partial, bytes, { mode: 0o600, flush: true });
        await rename(partial, fileOf(name));
      } catch (error) {
        await rm(partial, { force: true }).catch(() => {});
        throw new Error(describeFileError(error), { cause: error });
      }
    },
    remove: name => rm(fileOf(name), { force: true }).catch(() => {}),
    claim: async name => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return claimFile(fileOf(name));
    },
  };
}

/**
 * The lock's file goes with its update. Somebody who has opened it just before then holds a lock of nothing, and finds no
 * update to send.
 */
function claimFile(file: string): LetGo | null {
  const lock = `${file}.lock`;
  const unlock = lockFile(lock);
  if (!unlock) return null;
  return () => {
    unlock();
    if (!existsSync(file)) for (const left of [lock, `${lock}-journal`]) rmSync(left, { force: true });
  };
}

const LOCK = /\.lock(?:-journal)?$/;

/** A process that was killed between its claim and its update leaves a lock of nothing, which nobody holds. */
async function removeLeftLocks(folder: string): Promise<void> {
  const locks = (await readdir(folder).catch(() => [])).filter(file => LOCK.test(file));
  const files = new Set(locks.map(file => join(folder, file.replace(LOCK, ''))));
  for (const file of files) if (!existsSync(file)) removeLock(file);
}

function removeLock(file: string): void {
  try {
    claimFile(file)?.();
  } catch {
    // It is damaged or somebody else's, and in nobody's way.
  }
}

/** Files that a process was killed at are not counted as updates, so nobody else would ever remove them. */
async function removeBroken(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const [, pid] = /\.(\d+)\.part$/.exec(file) ?? [];
    if (pid !== undefined && processMark(Number(pid)) === null) await rm(join(folder, file), { force: true });
  }
}

async function listUpdates(folder: string): Promise<KeptEntry[]> {
  const names = (await readdir(folder).catch(() => [])).filter(isNameOfKept);
  const entries = names.map(async name => {
    // Another process may have sent it meanwhile.
    const found = await stat(join(folder, name)).catch(() => null);
    return found ? [{ name, bytes: found.size, keptAt: found.mtimeMs }] : [];
  });
  return (await Promise.all(entries)).flat();
}
