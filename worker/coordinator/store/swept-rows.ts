import type { EventBody, RunEvent } from '../../../shared/protocol/events.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { ItemTable } from './item-table.ts';
import { LEDGER_PAGE, type Ledger } from './ledger.ts';
import { MOST_CHARACTERS } from './most-characters.ts';

/** How far the sweep is, and what it has swept since the run began. */
export interface SweepProgress {
  /** Everything up to this version is swept. */
  readonly upTo: number;
  readonly entries: number;
  readonly versions: number;
  readonly shards: number;
  readonly archives: number;
  /** The version with the best accuracy so far, which stays. Null if none was judged. */
  readonly best: BestVersion | null;
}

export interface BestVersion {
  readonly version: number;
  readonly accuracy: number;
  /** Left out if it is confirmed. */
  readonly unconfirmed?: true;
}

const nothingSwept: SweepProgress = {
  ...{ upTo: 0, entries: 0, versions: 0, shards: 0, archives: 0, best: null },
};

/** [SWEEP2] Entries that stay for good: of each round its result and its hashes, and how the run went. */
const staying: readonly EventBody['type'][] = [
  ...(['run-opened', 'run-paused', 'run-taken-back', 'run-closing', 'run-finished'] as const),
  ...(['version-published', 'version-evaluated'] as const),
];

/** The rows of a coordinator that the sweep reads and takes away. */
export class SweptRows {
  private readonly storage: DurableObjectStorage;
  private readonly items: ItemTable;
  private readonly ledger: Ledger;
  private noted: SweepProgress | null = null;

  constructor(storage: DurableObjectStorage, items: ItemTable, ledger: Ledger) {
    this.storage = storage;
    this.items = items;
    this.ledger = ledger;
  }

  progress(): SweepProgress {
    this.noted ??= this.items.get<SweepProgress>('sweep') ?? nothingSwept;
    return this.noted;
  }

  note(progress: SweepProgress): void {
    this.items.put('sweep', '', progress);
    this.noted = progress;
  }

  /**
   * The entries after this one that stayed of the volumes that are gone, as many as a page has. A long run of a large
   * network has more of them than memory, so no row is read in vain.
   */
  stayed(after: number): RunEvent[] {
    const page: RunEvent[] = [];
    const rows = this.storage.sql.exec<{ json: string }>(
      `SELECT json FROM item WHERE kind = 'stayed' AND CAST(id AS INTEGER) >= (
         SELECT ifnull(max(CAST(id AS INTEGER)), 0) FROM item WHERE kind = 'stayed' AND CAST(id AS INTEGER) <= ?)
       ORDER BY CAST(id AS INTEGER)`,
      after + 1,
    );
    for (const { json } of rows) {
      const entries: readonly RunEvent[] = JSON.parse(json);
      page.push(...entries.filter(({ seq }) => seq > after));
      if (page.length >= LEDGER_PAGE) break;
    }
    return page.slice(0, LEDGER_PAGE);
  }

  /**
   * Takes the first volume of the ledger away if all of its entries are of rounds up to this one. What people see of the
   * rounds is in the view's snapshot, and the hashes of what was published stay.
   * @returns how many entries went; 0 if there was nothing to take
   */
  takeVolume(round: number): number {
    const entries = this.ledger.firstVolume();
    const last = entries?.findLast(({ event }) => event.type === 'version-published')?.event;
    // What comes after the last version in it is of the round after that.
    if (!entries || last?.type !== 'version-published' || last.version >= round) return 0;
    const stay = entries.filter(({ event }) => staying.includes(event.type));
    try {
      this.storage.transactionSync(() => {
        for (const row of inRows(stay)) this.items.put('stayed', String(row[0]?.seq), row);
        this.ledger.dropFirstVolume();
      });
    } catch (error) {
      this.ledger.open();
      throw error;
    }
    return entries.length - stay.length;
  }

  /** Versions that are stored, in their order. */
  versions(): number[] {
    const rows = this.storage.sql.exec<{ version: number }>('SELECT version FROM version ORDER BY version');
    return Array.from(rows, ({ version }) => version);
  }

  manifest(version: number): Manifest | null {
    const query = 'SELECT json FROM version WHERE version = ?';
    const [row] = this.storage.sql.exec<{ json: string }>(query, version).toArray();
    return row ? JSON.parse(row.json) : null;
  }

  /** Whether it is stored with all of its shards, for all that the sweep has done. */
  isWhole(version: number): boolean {
    return this.wholeVersions().includes(version);
  }

  /** In their order. */
  wholeVersions(): number[] {
    const leaving = this.leaving();
    return this.versions().filter(version => !leaving.includes(version));
  }

  private leaving(): readonly number[] {
    return this.items.get<number[]>('leaving') ?? [];
  }

  /** Before its first shard goes: its row stays until all of them have gone, and no run may return to it meanwhile. */
  beginToDrop(version: number): void {
    const leaving = this.leaving();
    if (leaving.includes(version)) return;
    const stored = this.versions();
    this.items.put('leaving', '', [...leaving.filter(other => stored.includes(other)), version]);
  }

  dropVersion(version: number): void {
    this.storage.sql.exec('DELETE FROM version WHERE version = ?', version);
  }
}

/** Consecutive entries, as many together as a row has room for. That of a large network's version is long. */
function inRows(entries: readonly RunEvent[]): RunEvent[][] {
  const rows: RunEvent[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const more = JSON.stringify(entry).length;
    length += more;
    const last = rows.at(-1);
    if (last && length <= MOST_CHARACTERS) last.push(entry);
    else {
      rows.push([entry]);
      length = more;
    }
  }
  return rows;
}
