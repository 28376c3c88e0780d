import type { StorageChange } from '../../storage/storage-version.ts';

/** What the changes need of a run's rows. */
interface OlderRows {
  readonly joinRows: () => void;
  readonly moveHalvings: () => void;
}

/**
 * How the storage of a coordinator came to be as it is. The first two changes take over what releases left that noted no
 * version, so they look for it.
 */
export const coordinatorChanges: readonly StorageChange<OlderRows>[] = [
  { name: 'a step is one row', apply: rows => rows.joinRows() },
  { name: 'halved rates are with their volunteers', apply: rows => rows.moveHalvings() },
];
