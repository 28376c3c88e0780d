import type { StorageChange } from '../storage/storage-version.ts';
import { createTables } from './cohort-tables.ts';

/** How the storage of a cohort came to be as it is. The first change takes over what releases left that noted no version. */
export const cohortChanges: readonly StorageChange<SqlStorage>[] = [
  { name: 'what came to a lease is one row', apply: createTables },
];
