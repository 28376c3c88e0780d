import type { StorageChange } from '../storage/storage-version.ts';

/** How the storage of the housekeeper came to be as it is. */
export const housekeeperChanges: readonly StorageChange<SqlStorage>[] = [
  { name: 'where a walk is, and what it has counted', apply: () => {} },
];
