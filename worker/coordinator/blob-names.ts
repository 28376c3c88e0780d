import type { RunState } from '../../shared/federation/run-state.ts';
import { noteNames, runBlobs, runOwner } from '../storage/blob-names.ts';
import { ItemTable } from './store/item-table.ts';
import type { RunIdentity, RunStore } from './store/run-store.ts';

const UNTOLD = 'unnamed';

/**
 * [KEY7] Tells the directory which uploaded blobs the run names, so that nobody's deletion takes them away. It is told once,
 * soon after the run was made: no creation fails because the directory does. A run of an older release has nothing to tell.
 */
export class BlobNames {
  private readonly items: ItemTable;
  private readonly database: D1Database;
  private readonly identity: RunIdentity;
  private readonly store: Pick<RunStore, 'manifest'>;
  private owes: boolean;

  constructor(
    sql: SqlStorage,
    database: D1Database,
    identity: RunIdentity,
    store: Pick<RunStore, 'manifest'>,
  ) {
    [this.items, this.database, this.identity, this.store] = [new ItemTable(sql), database, identity, store];
    this.owes = this.items.get<boolean>(UNTOLD) ?? false;
  }

  get isOwing(): boolean {
    return this.owes;
  }

  /** In the turn in which the run is made. */
  owe(): void {
    this.owes = true;
    this.items.put(UNTOLD, '', true);
  }

  async note({ manifest }: Pick<RunState, 'manifest'>): Promise<void> {
    const { run, config } = this.identity;
    const first = this.store.manifest(0) ?? manifest;
    const segments = Object.fromEntries(
      Object.entries(first.segments).map(([id, { shards }]) => [id, shards]),
    );
    await noteNames(this.database, runOwner(run), runBlobs({ ...config, segments }));
    this.owes = false;
    this.items.delete(UNTOLD, '');
  }
}
