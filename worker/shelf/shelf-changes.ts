import type { StorageChange } from '../storage/storage-version.ts';

/** How the storage of a shelf came to be as it is. */
export const shelfChanges: readonly StorageChange<SqlStorage>[] = [
  { name: 'objects, their chunks, and what is loose', apply: () => {} },
];
