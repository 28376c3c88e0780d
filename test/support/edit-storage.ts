import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Where miniflare keeps the databases of each kind of storage. */
const folders = {
  coordinators: 'objects/-RunCoordinator',
  cohorts: 'objects/-Cohort',
  relays: 'objects/-EventRelay',
  shelves: 'objects/-BlobShelf',
  bucket: 'r2/miniflare-R2BucketObject',
  directory: 'd1/miniflare-D1DatabaseObject',
} as const;

/** workerd locks a database while it writes, and for no longer than this. */
const LOCKED_MS = 5_000;

/** Opens every database of a kind, one after the other; the platform that wrote them has to be stopped. */
export function editStorage<T>(
  folder: string,
  kind: keyof typeof folders,
  edit: (database: DatabaseSync) => T,
): T[] {
  const path = join(folder, folders[kind]);
  const files = (existsSync(path) ? readdirSync(path) : []).filter(file =>
    /^[0-9a-f]{64}\.sqlite$/.test(file),
  );
  return files.map(file => {
    const database = new DatabaseSync(join(path, file), { timeout: LOCKED_MS });
    try {
      return edit(database);
    } finally {
      database.close();
    }
  });
}
