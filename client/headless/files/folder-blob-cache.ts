import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobCache } from '../../volunteer/blob-cache.ts';

/** Some hundred versions of a large segment. What was not used longest goes first. */
const MAX_BYTES = 500_000_000;

/** Pruning reads the whole folder, so it happens only after so much was written. */
const PRUNE_BYTES = 50_000_000;

/** Blobs as files named by their hash. A file is moved into place whole, so that a broken-off write is never read. */
export function openFolderCache(folder: string, maxBytes = MAX_BYTES): BlobCache {
  const fileOf = (sha256: string): string => join(folder, sha256);
  let written = 0;
  return {
    get: async sha256 => {
      try {
        const bytes = new Uint8Array(await readFile(fileOf(sha256)));
        const now = new Date();
        await utimes(fileOf(sha256), now, now);
        return bytes;
      } catch {
        return undefined;
      }
    },
    put: async (sha256, bytes) => {
      await mkdir(folder, { recursive: true });
      const partial = `${fileOf(sha256)}.${process.pid}.part`;
      await writeFile(partial, bytes);
      await rename(partial, fileOf(sha256));
      written += bytes.length;
      if (written < Math.min(PRUNE_BYTES, maxBytes)) return;
      written = 0;
      await prune(folder, maxBytes);
    },
    size: async () => (await listFiles(folder)).reduce((sum, file) => sum + file.bytes, 0),
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

async function listFiles(folder: string): Promise<CachedFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.map(async name => {
    const path = join(folder, name);
    // Gone meanwhile: moved into place by a download that goes on, or pruned by another process.
    const found = await stat(path).catch(() => null);
    return found ? [{ path, bytes: found.size, usedAt: found.mtimeMs }] : [];
  });
  return (await Promise.all(files)).flat();
}

/** Removes what was not used longest until the rest fits. */
async function prune(folder: string, maxBytes: number): Promise<void> {
  const newestFirst = (await listFiles(folder)).toSorted((a, b) => b.usedAt - a.usedAt);
  let kept = 0;
  for (const { path, bytes } of newestFirst) {
    kept += bytes;
    if (kept > maxBytes) await rm(path, { force: true });
  }
}
