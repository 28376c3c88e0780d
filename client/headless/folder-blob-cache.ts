import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobCache } from '../volunteer/blob-cache.ts';

/** Blobs as files named by their hash. A file is moved into place whole, so that a broken-off write is never read. */
export function openFolderCache(folder: string): BlobCache {
  const fileOf = (sha256: string): string => join(folder, sha256);
  return {
    get: async sha256 => {
      try {
        return new Uint8Array(await readFile(fileOf(sha256)));
      } catch {
        return undefined;
      }
    },
    put: async (sha256, bytes) => {
      await mkdir(folder, { recursive: true });
      const partial = `${fileOf(sha256)}.${process.pid}.part`;
      await writeFile(partial, bytes);
      await rename(partial, fileOf(sha256));
    },
    size: async () => {
      const names = await readdir(folder).catch(() => []);
      const sizes = await Promise.all(names.map(async name => (await stat(join(folder, name))).size));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}
