import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SumStore } from '../../../shared/cohort/ports.ts';

/** Sums that one role hands to another lie in files: those of a large network do not fit in memory. */
export const folderSums =
  (folder: string) =>
  (role: string): SumStore => ({
    keep: async ({ round, segment, shard }, bytes) => {
      const key = join(role, String(round), segment, String(shard));
      await mkdir(dirname(join(folder, key)), { recursive: true });
      await writeFile(join(folder, key), bytes);
      return key;
    },
    read: async key => new Uint8Array(await readFile(join(folder, key))),
    drop: async keys => {
      for (const key of keys) await rm(join(folder, key), { force: true });
    },
  });
