import type { RunState } from '../../../shared/federation/run-state.ts';
import type { EventBody, RunEvent } from '../../../shared/protocol/events.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { Region } from '../../../shared/protocol/region.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { storedSpec } from '../../../shared/protocol/run-spec.ts';
import type { LiveView } from '../../../shared/view/live-view.ts';
import { StorageVersion } from '../../storage/storage-version.ts';
import { coordinatorChanges } from './coordinator-changes.ts';
import { ItemTable } from './item-table.ts';
import { LEDGER_PAGE, Ledger } from './ledger.ts';
import { MOST_CHARACTERS } from './most-characters.ts';
import { dropOldState, readOldState } from './old-tables.ts';
import { RelayTable } from './relay-table.ts';
import { SnapshotTable } from './snapshot-table.ts';
import {
  changesBetween,
  hasOldHalvings,
  type StateChanges,
  StateReplay,
  type StoredState,
  stateOf,
  storedState,
} from './stored-state.ts';
import { SweptRows } from './swept-rows.ts';
import { VersionTable } from './version-table.ts';
import { ViewStore } from './view-store.ts';

/**
 * A snapshot of state and view is taken every so many steps. It takes a few rows, so more often would cost, and more
 * rarely would leave more steps to repeat on waking up.
 */
const STEPS_A_SNAPSHOT = 256;

/** What the host gave and no step changes. */
export interface RunIdentity {
  readonly run: string;
  readonly config: RunConfig;
  readonly hostKeyHash: string;
  readonly joinCodeHash: string | null;
  /** The code itself, sealed. Left out if there is none, and in runs of older releases. */
  readonly sealedJoinCode?: string;
  /** Near which place the run's objects are made. Left out if the platform chooses. */
  readonly location?: Region;
}

/** The state's part of a snapshot. */
interface Snapshot extends Pick<StoredState, 'core'> {
  /** The ledger's last entry then. */
  readonly seq: number;
}

/** What steps without entries have changed since the ledger's last one. It goes into the row of the next entries. */
interface Pending {
  readonly seq: number;
  /** Null if they have taken each other back. */
  readonly changes: StateChanges | null;
}

/**
 * The SQLite side of the coordinator. A step writes one row: its entries in the ledger and what it changed of the state.
 * So no state is ever seen without its ledger. A step that changes nothing writes nothing. Now and then a snapshot is
 * taken, and waking up repeats the steps since then. A step that changes more than a row holds takes one at once.
 */
export class RunStore {
  private readonly storage: DurableObjectStorage;
  private readonly version: StorageVersion<{ joinRows: () => void; moveHalvings: () => void }>;
  private readonly items: ItemTable;
  private readonly snapshots: SnapshotTable;
  private readonly ledgerRows: Ledger;
  private readonly views: ViewStore;
  private readonly versions: VersionTable;
  /** The relays that are told of the run. */
  readonly relays: RelayTable;
  /** What the sweep asks of the rows. */
  readonly sweeping: SweptRows;
  /** What the ledger's rows say, and what they say together with the pending row. */
  private told: RunState | null = null;
  private stored: RunState | null = null;
  private stepsSinceSnapshot = 0;
  private keptRounds = 0;

  /** @throws NewerStorageError */
  constructor(storage: DurableObjectStorage) {
    this.storage = storage;
    this.version = new StorageVersion(storage, coordinatorChanges);
    this.items = new ItemTable(storage.sql);
    this.snapshots = new SnapshotTable(storage.sql);
    this.ledgerRows = new Ledger(storage.sql);
    this.views = new ViewStore(this.snapshots);
    this.versions = new VersionTable(storage.sql);
    this.relays = new RelayTable(this.items);
    this.sweeping = new SweptRows(storage, this.items, this.ledgerRows);
  }

  create(identity: RunIdentity, state: RunState): void {
    this.storage.transactionSync(() => {
      this.version.note();
      this.items.create();
      this.snapshots.create();
      this.ledgerRows.create();
      this.versions.create();
      this.items.put('identity', '', identity);
      this.versions.write(state.manifest);
      this.writeState(state);
    });
    this.told = this.stored = state;
    this.keptRounds = identity.config.spec.policy.keepRounds;
  }

  /**
   * The run as it was left. Null if none was ever created here; to ask then leaves nothing behind.
   * @param now when the object woke
   */
  open(now: number): { readonly identity: RunIdentity; readonly state: RunState } | null {
    if (!this.ledgerRows.exists()) return null;
    this.version.upgrade({
      joinRows: () => this.joinRows(now),
      moveHalvings: () => this.moveHalvings(now),
    });
    this.ledgerRows.open();
    const identity = this.items.get<RunIdentity>('identity');
    const state = this.readState(now);
    if (!identity || !state) return null;
    const { config } = identity;
    const spec = storedSpec(config.spec);
    this.keptRounds = spec.policy.keepRounds;
    return { identity: { ...identity, config: { ...config, spec } }, state };
  }

  private joinRows(now: number): void {
    this.ledgerRows.upgrade();
    this.ledgerRows.open();
    this.snapshots.create();
    const old = readOldState(this.items);
    if (!old) return;
    this.writeState(stateOf(old, version => this.versions.require(version), now));
    dropOldState(this.items);
  }

  /** A step tells what it changed, so all that comes before it must be in today's form. */
  private moveHalvings(now: number): void {
    this.ledgerRows.open();
    const replay = this.replay(now);
    const { stored } = this;
    if (replay && stored && hasOldHalvings(replay.result())) this.writeWhole(stored, this.ledgerRows.last);
  }

  private readState(now: number): RunState | null {
    return this.replay(now) && this.stored;
  }

  /** Repeats the steps since the snapshot. Null if there is none. */
  private replay(now: number): StateReplay | null {
    this.stepsSinceSnapshot = 0;
    const [snapshot] = this.snapshots.read<Snapshot>('state');
    if (!snapshot) return null;
    const replay = new StateReplay({
      core: snapshot.core,
      volunteers: this.snapshots.read('volunteer'),
      leases: this.snapshots.read('lease'),
    });
    for (const changes of this.ledgerRows.changesAfter(snapshot.seq)) {
      replay.apply(changes);
      this.stepsSinceSnapshot++;
    }
    const manifestOf = (version: number): Manifest => this.versions.require(version);
    this.told = this.stored = stateOf(replay.result(), manifestOf, now);
    const pending = this.items.get<Pending>('pending');
    if (pending?.seq === this.ledgerRows.last && pending.changes) {
      replay.apply(pending.changes);
      this.stored = stateOf(replay.result(), manifestOf, now);
    }
    return replay;
  }

  /** Stores a step. @returns its events with their places in the ledger */
  save(after: RunState, events: readonly EventBody[], at: number): RunEvent[] {
    const { told, stored } = this;
    if (!told || !stored) throw new Error('there is no run here');
    if (events.length === 0 && !changesBetween(stored, after)) return [];
    const changes = changesBetween(told, after);
    const json = changes && JSON.stringify(changes);
    const isTooLong = json !== null && json.length > MOST_CHARACTERS;
    const entries = this.inTransaction(() => {
      if (stored.manifest !== after.manifest) this.versions.write(after.manifest);
      const written = this.ledgerRows.append(events, at, isTooLong ? null : json);
      if (isTooLong) this.writeWhole(after, this.ledgerRows.last + events.length);
      else if (events.length === 0)
        this.items.put('pending', '', { seq: this.ledgerRows.last, changes } satisfies Pending);
      return written;
    });
    this.ledgerRows.noted(entries);
    this.stored = after;
    if (events.length > 0 || isTooLong) this.told = after;
    this.stepsSinceSnapshot += events.length > 0 ? 1 : 0;
    return entries;
  }

  /** Nothing is pending on top of it. */
  private writeWhole(state: RunState, seq: number): void {
    this.writeState(state, seq);
    this.items.delete('pending', '');
  }

  private inTransaction<T>(write: () => T): T {
    try {
      return this.storage.transactionSync(write);
    } catch (error) {
      // What was rolled back must not be remembered either.
      this.snapshots.forget();
      throw error;
    }
  }

  /**
   * Takes a snapshot if one is due. One that fails does no harm: the steps are all there, and the next one is tried some
   * steps later.
   */
  keep(state: RunState, live: LiveView): void {
    // What is pending is not in the ledger yet, and a snapshot is as of an entry.
    if (this.stepsSinceSnapshot < STEPS_A_SNAPSHOT || this.told !== state) return;
    this.stepsSinceSnapshot = 0;
    try {
      this.inTransaction(() => {
        this.writeState(state);
        this.views.write(live);
        this.beginVolume(state.manifest.version);
      });
    } catch (error) {
      this.ledgerRows.open();
      console.error('no snapshot was taken', error);
    }
  }

  /**
   * A volume of the ledger has a fifth of the rounds that are kept, so that little more is kept than the host wants. It
   * begins with a snapshot: what is older than that is not needed to wake up.
   */
  private beginVolume(version: number): void {
    const began = this.items.get<number>('volume') ?? 0;
    if (this.keptRounds === 0 || version - began < Math.max(1, Math.floor(this.keptRounds / 5))) return;
    this.ledgerRows.beginVolume();
    this.items.put('volume', '', version);
  }

  /** @param seq the ledger's last entry then */
  private writeState(state: RunState, seq = this.ledgerRows.last): void {
    const { core, volunteers, leases } = storedState(state);
    this.snapshots.write('state', [{ seq, core } satisfies Snapshot]);
    this.snapshots.write('volunteer', volunteers);
    this.snapshots.write('lease', leases);
  }

  manifest(version: number): Manifest | null {
    return this.versions.manifest(version);
  }

  /** The entries after `after`, one page of them. Of what was swept these are the few that stayed. */
  ledger(after: number): RunEvent[] {
    const { first } = this.ledgerRows;
    if (after >= first - 1) return this.ledgerRows.after(after);
    const stayed = this.sweeping.stayed(after);
    return [...stayed, ...this.ledgerRows.after(first - 1)].slice(0, LEDGER_PAGE);
  }

  /** From this number on no entry of the ledger is missing. */
  get firstSeq(): number {
    return this.ledgerRows.first;
  }

  /** The view after the last event: the kept one, and the events since then folded in. */
  view(): LiveView {
    const live = this.views.read();
    for (let page = this.ledger(live.core.seq); page.length > 0; page = this.ledger(live.core.seq))
      for (const entry of page) live.apply(entry);
    return live;
  }

  /**
   * Counts one more forged update of this round. False if there are `limit` already. The count is in storage, so it
   * does not begin anew after the object has slept.
   */
  countForged(round: number, limit: number): boolean {
    const last = this.items.get<{ round: number; count: number }>('forged');
    const count = last?.round === round ? last.count : 0;
    if (count >= limit) return false;
    this.items.put('forged', '', { round, count: count + 1 });
    return true;
  }
}
