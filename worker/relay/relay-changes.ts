import type { StorageChange } from '../storage/storage-version.ts';

/** How the storage of a relay came to be as it is. */
export const relayChanges: readonly StorageChange<SqlStorage>[] = [
  { name: 'settings by name', apply: () => {} },
];
