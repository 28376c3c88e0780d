import type { LeaseState } from '../../shared/federation/lease/lease-state.ts';
import { LeaseTable } from '../../shared/federation/lease/lease-table.ts';
import { presenceAtWakeUp, type RunState } from '../../shared/federation/run-state.ts';
import { Table } from '../../shared/federation/tables/table.ts';
import type { VolunteerState } from '../../shared/federation/volunteer/volunteer-state.ts';
import type { EventBody, RunEvent } from '../../shared/protocol/events.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { storedSpec } from '../../shared/protocol/run-spec.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { applyEvent } from '../../shared/view/apply-event.ts';
import { ItemTable } from './item-table.ts';
import type { Core, StoredCore } from './stored-core.ts';
import {
  isOldCore,
  type OldCore,
  type OldVolunteer,
  upgradeCore,
  upgradeVolunteer,
} from './upgrade-state.ts';
import { ViewStore } from './view-store.ts';

/** Entries of the ledger in one response. */
const LEDGER_PAGE = 1_000;

/** What the host gave and no step changes. */
export interface RunIdentity {
  readonly run: string;
  readonly config: RunConfig;
  readonly hostKeyHash: string;
  readonly joinCodeHash: string | null;
}

/**
 * The SQLite side of the coordinator. A step writes only the rows that it changed. It writes the ledger's entries in
 * the same transaction, so that no state is ever seen without its ledger.
 */
export class RunStore {
  private readonly storage: DurableObjectStorage;
  private readonly items: ItemTable;
  private readonly views: ViewStore;

  constructor(storage: DurableObjectStorage) {
    this.storage = storage;
    this.items = new ItemTable(storage.sql);
    this.views = new ViewStore(storage, this.items);
  }

  /** Whether a run was ever created here. To ask for one that never was must leave nothing behind. */
  exists(): boolean {
    return this.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'ledger'").toArray().length > 0;
  }

  identity(): RunIdentity | null {
    const identity = this.items.get<RunIdentity>('identity');
    return (
      identity && { ...identity, config: { ...identity.config, spec: storedSpec(identity.config.spec) } }
    );
  }

  /** @param now the moment at which the run wakes up */
  state(now: number): RunState | null {
    const stored = this.items.get<StoredCore | OldCore>('core');
    if (stored && isOldCore(stored)) this.upgrade(stored);
    const core = this.items.get<StoredCore>('core');
    if (!core) return null;
    const volunteers = Table.of(Object.values(this.items.all<VolunteerState>('volunteer')));
    const leases = LeaseTable.of(Object.values(this.items.all<LeaseState>('lease')));
    const presence = presenceAtWakeUp(volunteers, leases, now);
    return { ...this.readCore(core), volunteers, leases, presence };
  }

  private upgrade(core: OldCore): void {
    this.storage.transactionSync(() => {
      const volunteers = this.items.all<OldVolunteer>('volunteer');
      this.items.put('core', '', upgradeCore(core, volunteers));
      for (const volunteer of Object.values(volunteers))
        this.items.put('volunteer', volunteer.id, upgradeVolunteer(volunteer));
    });
  }

  create(identity: RunIdentity, state: RunState): void {
    this.storage.transactionSync(() => {
      this.items.create();
      this.storage.sql.exec(`
        CREATE TABLE version (version INTEGER PRIMARY KEY, json TEXT NOT NULL);
        CREATE TABLE ledger (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL);
      `);
      this.items.put('identity', '', identity);
      this.write(null, state);
    });
  }

  /** Returns the events with their places in the ledger. */
  save(before: RunState, after: RunState, events: readonly EventBody[], at: number): RunEvent[] {
    return this.storage.transactionSync(() => {
      this.write(before, after);
      const first = this.lastSeq() + 1;
      const entries = events.map((event, i) => ({ seq: first + i, at, event }));
      for (const { seq, event } of entries)
        this.storage.sql.exec(
          'INSERT INTO ledger (seq, at, json) VALUES (?, ?, ?)',
          seq,
          at,
          JSON.stringify(event),
        );
      return entries;
    });
  }

  manifest(version: number): Manifest | null {
    const [row] = this.storage.sql
      .exec<{ json: string }>('SELECT json FROM version WHERE version = ?', version)
      .toArray();
    return row ? JSON.parse(row.json) : null;
  }

  private lastSeq(): number {
    return this.storage.sql.exec<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM ledger').one()
      .seq;
  }

  /** The entries after `after`, one page of them. */
  ledger(after: number): RunEvent[] {
    const rows = this.storage.sql.exec<{ seq: number; at: number; json: string }>(
      'SELECT seq, at, json FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?',
      after,
      LEDGER_PAGE,
    );
    return Array.from(rows, ({ seq, at, json }) => ({ seq, at, event: JSON.parse(json) }));
  }

  /** The view after the last event: the kept one, and the events since then folded in. */
  view(): RunView {
    let view = this.views.read();
    for (let page = this.ledger(view.seq); page.length > 0; page = this.ledger(view.seq))
      view = page.reduce(applyEvent, view);
    return view;
  }

  keepView(before: RunView, after: RunView): void {
    this.views.keep(before, after);
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

  private write(before: RunState | null, after: RunState): void {
    const { volunteers, leases, presence: _, ...core } = after;
    if (before?.manifest !== core.manifest)
      this.storage.sql.exec(
        'INSERT OR REPLACE INTO version (version, json) VALUES (?, ?)',
        core.manifest.version,
        JSON.stringify(core.manifest),
      );
    if (!before || isChanged(before, core)) this.items.put('core', '', storedCore(core));
    this.items.putChanges('volunteer', volunteers.since(before?.volunteers ?? Table.of([])));
    this.items.putChanges('lease', leases.since(before?.leases ?? LeaseTable.of([])));
  }

  private readCore({ manifest, evaluation, ...core }: StoredCore): Core {
    return {
      ...core,
      manifest: this.requireManifest(manifest),
      evaluation: evaluation && { ...evaluation, manifest: this.requireManifest(evaluation.manifest) },
    };
  }

  /** @throws if it is missing: a version's row is written no later than the state that names it */
  private requireManifest(version: number): Manifest {
    const manifest = this.manifest(version);
    if (!manifest) throw new Error(`version ${version} is missing`);
    return manifest;
  }
}

/** In most steps somebody asks in vain. Then no field of the core is another object than before. */
const isChanged = (before: Core, after: Core): boolean =>
  (Object.keys(after) as (keyof Core)[]).some(key => before[key] !== after[key]);

const storedCore = ({ manifest, evaluation, ...core }: Core): StoredCore => ({
  ...core,
  manifest: manifest.version,
  evaluation: evaluation && { ...evaluation, manifest: evaluation.manifest.version },
});
