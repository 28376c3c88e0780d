import { applyEvent, emptyView } from '../../shared/federation/apply-event.ts';
import type { LeaseState, RunConfig, RunState, VolunteerState } from '../../shared/federation/run-state.ts';
import type { EventBody, RunEvent } from '../../shared/protocol/events.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';

/** A view is kept so often, so that waking up folds few events. */
const EVENTS_A_SNAPSHOT = 200;

/** Entries of the ledger that one answer holds. */
const LEDGER_PAGE = 1_000;

/** What the host gave and no step changes. */
export interface RunIdentity {
  readonly run: string;
  readonly config: RunConfig;
  readonly hostKeyHash: string;
  readonly joinCodeHash: string | null;
}

type Core = Omit<RunState, 'volunteers' | 'leases'>;

/**
 * The SQLite side of the coordinator. A step writes only the rows that it changed, and the ledger's entries in the same
 * transaction, so that no state is ever seen without its ledger.
 */
export class RunStore {
  private readonly storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.storage = storage;
  }

  /** Whether a run was ever created here: asking for a run that never was leaves nothing behind. */
  exists(): boolean {
    return this.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'ledger'").toArray().length > 0;
  }

  identity(): RunIdentity | null {
    return this.item<RunIdentity>('identity', '');
  }

  state(): RunState | null {
    const core = this.item<Core>('core', '');
    return (
      core && {
        ...core,
        volunteers: this.items<VolunteerState>('volunteer'),
        leases: this.items<LeaseState>('lease'),
      }
    );
  }

  create(identity: RunIdentity, state: RunState): void {
    this.storage.transactionSync(() => {
      this.storage.sql.exec(`
        CREATE TABLE item (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id));
        CREATE TABLE version (version INTEGER PRIMARY KEY, json TEXT NOT NULL);
        CREATE TABLE ledger (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL);
      `);
      this.put('identity', '', identity);
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

  lastSeq(): number {
    return this.storage.sql.exec<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM ledger').one()
      .seq;
  }

  ledger(after: number, limit = LEDGER_PAGE): RunEvent[] {
    const rows = this.storage.sql.exec<{ seq: number; at: number; json: string }>(
      'SELECT seq, at, json FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?',
      after,
      limit,
    );
    return Array.from(rows, ({ seq, at, json }) => ({ seq, at, event: JSON.parse(json) }));
  }

  /** The view after the last event: the kept one and what came since. */
  view(): RunView {
    let view = this.item<RunView>('view', '') ?? emptyView();
    for (let page = this.ledger(view.seq); page.length > 0; page = this.ledger(view.seq))
      view = page.reduce(applyEvent, view);
    return view;
  }

  keepView(before: RunView, after: RunView): void {
    if (Math.floor(after.seq / EVENTS_A_SNAPSHOT) > Math.floor(before.seq / EVENTS_A_SNAPSHOT))
      this.put('view', '', after);
  }

  private write(before: RunState | null, { volunteers, leases, ...core }: RunState): void {
    this.put('core', '', core satisfies Core);
    this.writeChanged('volunteer', before?.volunteers ?? {}, volunteers);
    this.writeChanged('lease', before?.leases ?? {}, leases);
    const { manifest } = core;
    if (before?.manifest !== manifest)
      this.storage.sql.exec(
        'INSERT OR REPLACE INTO version (version, json) VALUES (?, ?)',
        manifest.version,
        JSON.stringify(manifest),
      );
  }

  private writeChanged<T>(
    kind: string,
    before: Readonly<Record<string, T>>,
    after: Readonly<Record<string, T>>,
  ): void {
    if (before === after) return;
    for (const [id, value] of Object.entries(after)) if (before[id] !== value) this.put(kind, id, value);
    for (const id of Object.keys(before))
      if (after[id] === undefined)
        this.storage.sql.exec('DELETE FROM item WHERE kind = ? AND id = ?', kind, id);
  }

  private put(kind: string, id: string, value: unknown): void {
    this.storage.sql.exec(
      'INSERT OR REPLACE INTO item (kind, id, json) VALUES (?, ?, ?)',
      kind,
      id,
      JSON.stringify(value),
    );
  }

  private item<T>(kind: string, id: string): T | null {
    return this.items<T>(kind)[id] ?? null;
  }

  private items<T>(kind: string): Record<string, T> {
    const rows = this.storage.sql.exec<{ id: string; json: string }>(
      'SELECT id, json FROM item WHERE kind = ?',
      kind,
    );
    return Object.fromEntries(Array.from(rows, row => [row.id, JSON.parse(row.json)]));
  }
}
