import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteStore } from '../../volunteer/byte-store.ts';

/** About a hundred versions of a large segment. The entry that was not used for the longest time goes first. */
const MAX_BYTES = 500_000_000;

/** Pruning reads the whole folder, so it waits until this much was written. */
const PRUNE_BYTES = 50_000_000;

/** Each entry is a file of its name. A file is moved into place whole, so nobody reads half of an interrupted write. */
export function openFolderStore(folder: string, maxBytes = MAX_BYTES): ByteStore {
  const fileOf = (name: string): string => join(folder, name);
  let [written, puts] = [0, 0];
  const write = async (name: string, bytes: Uint8Array): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const partial = `${fileOf(name)}.${process.pid}-${puts++}.part`;
    await writeFile(partial, bytes);
    await rename(partial, fileOf(name));
    written += bytes.length;
    if (written < Math.min(PRUNE_BYTES, maxBytes)) return;
    written = 0;
    await prune(folder, maxBytes);
  };
  return {
    get: name => readUsed(fileOf(name)).catch(() => undefined),
    put: (name, bytes) => write(name, bytes).catch(() => {}),
    size: async () => (await listFiles(folder)).reduce((sum, file) => sum + file.bytes, 0),
    clear: () => rm(folder, { recursive: true, force: true }).catch(() => {}),
  };
}

async function readUsed(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await readFile(path));
  const now = new Date();
  await utimes(path, now, now);
  return bytes;
}

interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

async function listFiles(folder: string): Promise<StoredFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.map(async name => {
    const path = join(folder, name);
    // The file may be gone: a download that is going on has moved it into place, or another process has pruned it.
    const found = await stat(path).catch(() => null);
    return found ? [{ path, bytes: found.size, usedAt: found.mtimeMs }] : [];
  });
  return (await Promise.all(files)).flat();
}

/** Removes the entries that were not used for the longest time, until the rest fits. */
async function prune(folder: string, maxBytes: number): Promise<void> {
  const newestFirst = (await listFiles(folder)).toSorted((a, b) => b.usedAt - a.usedAt);
  let kept = 0;
  for (const { path, bytes } of newestFirst) {
    kept += bytes;
    if (kept > maxBytes) await rm(path, { force: true });
  }
}
