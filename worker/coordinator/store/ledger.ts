import type { EventBody, RunEvent } from '../../../shared/protocol/events.ts';
import type { StateChanges } from './stored-state.ts';

/** Entries of the ledger in one response. */
export const LEDGER_PAGE = 1_000;

/** So many entries lie in a row. They have a few hundred bytes each, and SQLite takes no row of more than 2 MB. */
const ENTRIES_A_ROW = 1_000;

/** The first volume. Runs of older releases have no other. */
const FIRST_VOLUME = 'ledger';

/** Consecutive entries in a table of their own. To drop a table costs no row; to delete its rows costs each of them. */
interface Volume {
  readonly table: string;
  /** The number of its first entry. */
  readonly first: number;
}

type Row = { readonly seq: number; readonly at: number; readonly json: string };

/**
 * The ledger's entries, and with them what each step changed of the state. A step is one row, so entries and state are
 * never apart, and the platform bills one row. If a whole crowd's leases end at once, it is several, and the last one has
 * the changes. A row's number is that of its last entry.
 */
export class Ledger {
  private readonly sql: SqlStorage;
  private volumes: readonly Volume[] = [];
  private lastSeq = 0;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  /** Whether there is one in this storage. To ask must leave nothing behind. */
  exists(): boolean {
    return this.tables().length > 0;
  }

  create(): void {
    this.createVolume({ table: FIRST_VOLUME, first: 1 });
  }

  /** Brings a ledger of an older release up to date. */
  upgrade(): void {
    if (!this.hasChanges()) this.sql.exec(`ALTER TABLE ${FIRST_VOLUME} ADD COLUMN changes TEXT`);
  }

  /** Finds what is there, after the object has slept. */
  open(): void {
    this.volumes = this.tables()
      .map(table => ({ table, first: Number(table.slice(FIRST_VOLUME.length + 1)) || 1 }))
      .toSorted((a, b) => a.first - b.first);
    const { table, first } = this.newest;
    const query = `SELECT max(seq) AS seq FROM ${table}`;
    this.lastSeq = this.sql.exec<{ seq: number | null }>(query).one().seq ?? first - 1;
  }

  /** Older releases wrote one entry a row, and no changes with it. */
  private hasChanges(): boolean {
    const query = 'SELECT 1 FROM pragma_table_info(?) WHERE name = ?';
    return this.tables().every(table => this.sql.exec(query, table, 'changes').toArray().length > 0);
  }

  private tables(): string[] {
    const query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'ledger*'";
    return Array.from(this.sql.exec<{ name: string }>(query), ({ name }) => name);
  }

  /** The number of the last entry. */
  get last(): number {
    return this.lastSeq;
  }

  /** From this number on no entry is missing. */
  get first(): number {
    return this.volumes[0]?.first ?? 1;
  }

  private get newest(): Volume {
    const volume = this.volumes.at(-1);
    if (!volume) throw new Error('there is no ledger');
    return volume;
  }

  /**
   * To be called in a transaction, and `noted` after it.
   * @param changes as JSON
   * @returns the events with their places
   */
  append(events: readonly EventBody[], at: number, changes: string | null): RunEvent[] {
    for (let start = 0; start < events.length; start += ENTRIES_A_ROW) {
      const end = Math.min(start + ENTRIES_A_ROW, events.length);
      const isLast = end === events.length;
      this.sql.exec(
        `INSERT INTO ${this.newest.table} (seq, at, json, changes) VALUES (?, ?, ?, ?)`,
        ...[this.lastSeq + end, at, JSON.stringify(events.slice(start, end)), isLast ? changes : null],
      );
    }
    return events.map((event, i) => ({ seq: this.lastSeq + 1 + i, at, event }));
  }

  /** The transaction with these entries went through. */
  noted(entries: readonly RunEvent[]): void {
    this.lastSeq += entries.length;
  }

  /** The entries after `after`, one page of them. */
  after(after: number): RunEvent[] {
    const page: RunEvent[] = [];
    for (const { table } of this.volumesAfter(after)) {
      const query = `SELECT seq, at, json FROM ${table} WHERE seq > ? ORDER BY seq`;
      for (const row of this.sql.exec<Row>(query, after)) {
        page.push(...entriesOf(row).filter(({ seq }) => seq > after));
        if (page.length >= LEDGER_PAGE) return page.slice(0, LEDGER_PAGE);
      }
    }
    return page;
  }

  /** What the steps after this entry changed, in their order. */
  *changesAfter(after: number): Iterable<StateChanges> {
    for (const { table } of this.volumesAfter(after)) {
      const query = `SELECT changes FROM ${table} WHERE seq > ? AND changes IS NOT NULL ORDER BY seq`;
      for (const { changes } of this.sql.exec<{ changes: string }>(query, after)) yield JSON.parse(changes);
    }
  }

  /**
   * The entries of the first volume, if it is not the only one. They are whole rounds' entries and those of the rounds
   * at its ends.
   */
  firstVolume(): RunEvent[] | null {
    const [volume, next] = this.volumes;
    if (!volume || !next) return null;
    const query = `SELECT seq, at, json FROM ${volume.table} ORDER BY seq`;
    return Array.from(this.sql.exec<Row>(query)).flatMap(entriesOf);
  }

  /** To be called in a transaction. If that fails, `open` finds what is left. */
  dropFirstVolume(): void {
    const [volume, ...others] = this.volumes;
    if (!volume || others.length === 0) throw new Error('the newest volume of the ledger stays');
    this.sql.exec(`DROP TABLE ${volume.table}`);
    this.volumes = others;
  }

  private volumesAfter(after: number): readonly Volume[] {
    return this.volumes.filter((_, i) => {
      const next = this.volumes[i + 1];
      return next === undefined || next.first > after + 1;
    });
  }

  /** The next entry is the first of another volume. Nothing happens if the newest one is empty. */
  beginVolume(): void {
    const first = this.lastSeq + 1;
    if (first > this.newest.first) this.createVolume({ table: `${FIRST_VOLUME}_${first}`, first });
  }

  private createVolume(volume: Volume): void {
    this.sql.exec(
      `CREATE TABLE ${volume.table} (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL, changes TEXT)`,
    );
    this.volumes = [...this.volumes, volume];
  }
}

/** The entries of one step. A row of an older release is one entry. */
function entriesOf({ seq: last, at, json }: Row): RunEvent[] {
  const parsed: EventBody | readonly EventBody[] = JSON.parse(json);
  const events = 'type' in parsed ? [parsed] : parsed;
  return events.map((event, i) => ({ seq: last - events.length + 1 + i, at, event }));
}
