import type { StorageChange } from '../storage/storage-version.ts';

/** How the storage of the keeper came to be as it is. */
export const keeperChanges: readonly StorageChange<SqlStorage>[] = [
  { name: 'secrets by name', apply: () => {} },
];
