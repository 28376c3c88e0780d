import type { CheckedUpdate } from '../../shared/cohort/check-update.ts';
import type { CohortEntry, FoldedRole, RunConfig } from '../../shared/federation/run-state.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { LeaseClaims } from '../../shared/protocol/lease.ts';
import { storedSpec } from '../../shared/protocol/run-spec.ts';

/** One accepted update as it lies here: its envelope in the row, or in R2 under `object` where it is too large for one. */
export interface StoredUpdate {
  readonly lease: string;
  readonly weight: number;
  readonly norm: number;
  readonly envelope: ArrayBuffer | null;
  readonly object: string | null;
}

export interface Sender {
  readonly run: string;
  readonly role: Role;
}

/** Norms of the updates of the last rounds, and the segments that all of these trained. */
interface KeptNorms {
  readonly trains: string;
  readonly rounds: readonly (readonly number[])[];
}

/** Rounds whose answered leases are remembered, so that a repeated answer is told from a stale one. */
const REMEMBERED_ROUNDS = 3;

/** The SQLite side of a cohort. Envelopes leave it when their round has been folded and archived. */
export class CohortStore {
  private readonly storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.storage = storage;
    storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS accepted (
        number INTEGER PRIMARY KEY AUTOINCREMENT, lease TEXT NOT NULL UNIQUE, volunteer TEXT NOT NULL,
        round INTEGER NOT NULL, weight INTEGER NOT NULL, norm REAL NOT NULL, envelope BLOB, object TEXT);
      CREATE INDEX IF NOT EXISTS accepted_by_round ON accepted (round, volunteer);
      CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS folded (round INTEGER PRIMARY KEY, json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS refused (lease TEXT PRIMARY KEY, round INTEGER NOT NULL, count INTEGER NOT NULL);
    `);
  }

  config(): RunConfig | null {
    const config = this.setting<RunConfig>('config');
    return config && { ...config, spec: storedSpec(config.spec) };
  }

  setConfig(config: RunConfig): void {
    this.set('config', config);
  }

  /** Whose cohort this is: known from the first call on, so that the alarm can tell the coordinator too. */
  sender(): Sender | null {
    return this.setting<Sender>('sender');
  }

  setSender(sender: Sender): void {
    this.set('sender', sender);
  }

  /** The last round that was closed: its leases and older ones are stale. */
  closedRound(): number {
    return this.setting<number>('closedRound') ?? -1;
  }

  closeRound(round: number): void {
    this.set('closedRound', round);
  }

  isFinished(): boolean {
    return this.setting<boolean>('finished') ?? false;
  }

  finish(): void {
    this.set('finished', true);
  }

  isAnswered(lease: string): boolean {
    return this.storage.sql.exec('SELECT 1 FROM accepted WHERE lease = ?', lease).toArray().length > 0;
  }

  hasServed(round: number, volunteer: string): boolean {
    return (
      this.storage.sql
        .exec('SELECT 1 FROM accepted WHERE round = ? AND volunteer = ?', round, volunteer)
        .toArray().length > 0
    );
  }

  /** The update and the word of it to the coordinator, together or not at all. Returns the acceptance number. */
  accept(
    claims: LeaseClaims,
    update: CheckedUpdate,
    envelope: Uint8Array | null,
    object: string | null,
    entry: CohortEntry,
  ): number {
    return this.storage.transactionSync(() => {
      this.storage.sql.exec(
        'INSERT INTO accepted (lease, volunteer, round, weight, norm, envelope, object) VALUES (?,?,?,?,?,?,?)',
        ...[
          claims.lease,
          claims.volunteer,
          claims.round,
          claims.examples,
          update.norm,
          envelope?.slice().buffer ?? null,
          object,
        ],
      );
      this.post(entry);
      return this.storage.sql.exec<{ number: number }>('SELECT max(number) AS number FROM accepted').one()
        .number;
    });
  }

  post(entry: CohortEntry): void {
    this.storage.sql.exec('INSERT INTO outbox (json) VALUES (?)', JSON.stringify(entry));
  }

  /** The word of a refusal, of at most so many to one lease; none where that is forgotten, for tokens outlive the count. */
  postRefusal(entry: CohortEntry, limit: number): void {
    if (entry.round <= this.forgottenRound()) return;
    this.storage.transactionSync(() => {
      const { count } = this.storage.sql
        .exec<{ count: number }>(
          'INSERT INTO refused (lease, round, count) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1 RETURNING count',
          entry.lease,
          entry.round,
        )
        .one();
      if (count <= limit) this.post(entry);
    });
  }

  outbox(limit: number): { readonly last: number; readonly entries: CohortEntry[] } {
    const rows = this.storage.sql
      .exec<{ number: number; json: string }>(
        'SELECT number, json FROM outbox ORDER BY number LIMIT ?',
        limit,
      )
      .toArray();
    return { last: rows.at(-1)?.number ?? 0, entries: rows.map(row => JSON.parse(row.json)) };
  }

  isDelivered(): boolean {
    return this.storage.sql.exec('SELECT 1 FROM outbox LIMIT 1').toArray().length === 0;
  }

  delivered(last: number): void {
    this.storage.sql.exec('DELETE FROM outbox WHERE number <= ?', last);
  }

  /** The round's updates in the order of acceptance, one at a time: a round may be larger than memory. */
  *updates(round: number): Iterable<StoredUpdate> {
    const numbers = this.storage.sql
      .exec<{ number: number }>('SELECT number FROM accepted WHERE round = ? ORDER BY number', round)
      .toArray();
    for (const { number } of numbers) yield this.update(number);
  }

  countUpdates(round: number): number {
    return this.storage.sql
      .exec<{ count: number }>('SELECT count(*) AS count FROM accepted WHERE round = ?', round)
      .one().count;
  }

  norms(round: number): number[] {
    return Array.from(
      this.storage.sql.exec<{ norm: number }>('SELECT norm FROM accepted WHERE round = ?', round),
      row => row.norm,
    );
  }

  /** Examples of the leases whose updates were taken. */
  weights(round: number): number[] {
    return Array.from(
      this.storage.sql.exec<{ weight: number }>('SELECT weight FROM accepted WHERE round = ?', round),
      row => row.weight,
    );
  }

  /** Norms of the rounds folded last that trained the same segments, for the clip of the next: of others they say nothing. */
  recentNorms(trains: readonly string[]): number[] {
    return this.normsOf(trains).flat();
  }

  /** A round each. What a version before this one kept, a list alone, is of nobody knows what. */
  private normsOf(trains: readonly string[]): readonly (readonly number[])[] {
    const kept = this.setting<Partial<KeptNorms>>('norms');
    return kept?.trains === trains.join() ? (kept.rounds ?? []) : [];
  }

  folded(round: number): FoldedRole | null {
    const [row] = this.storage.sql
      .exec<{ json: string }>('SELECT json FROM folded WHERE round = ?', round)
      .toArray();
    return row ? JSON.parse(row.json) : null;
  }

  /** The round is folded and archived: keeps what it made, lets its envelopes go, returns those to delete from R2. */
  finishRound(round: number, trains: readonly string[], result: FoldedRole): string[] {
    const objects = this.storage.sql
      .exec<{ object: string }>('SELECT object FROM accepted WHERE round <= ? AND object IS NOT NULL', round)
      .toArray();
    this.storage.transactionSync(() => {
      const rounds = [...this.normsOf(trains), this.norms(round)].slice(-REMEMBERED_ROUNDS);
      this.set('norms', { trains: trains.join(), rounds } satisfies KeptNorms);
      this.storage.sql.exec(
        'INSERT OR REPLACE INTO folded (round, json) VALUES (?, ?)',
        round,
        JSON.stringify(result),
      );
      this.storage.sql.exec('UPDATE accepted SET envelope = NULL, object = NULL WHERE round <= ?', round);
      this.forget(round);
    });
    return objects.map(row => row.object);
  }

  /** Drops what nobody asks about any more. */
  forget(round: number): void {
    const last = round - REMEMBERED_ROUNDS;
    if (last <= this.forgottenRound()) return;
    this.set('forgottenRound', last);
    for (const table of ['accepted', 'folded', 'refused'])
      this.storage.sql.exec(`DELETE FROM ${table} WHERE round <= ?`, last);
  }

  private forgottenRound(): number {
    return this.setting<number>('forgottenRound') ?? -1;
  }

  private update(number: number): StoredUpdate {
    const row = this.storage.sql
      .exec<{
        lease: string;
        weight: number;
        norm: number;
        envelope: ArrayBuffer | null;
        object: string | null;
      }>('SELECT lease, weight, norm, envelope, object FROM accepted WHERE number = ?', number)
      .one();
    return row;
  }

  private setting<T>(name: string): T | null {
    const [row] = this.storage.sql
      .exec<{ json: string }>('SELECT json FROM setting WHERE name = ?', name)
      .toArray();
    return row ? JSON.parse(row.json) : null;
  }

  private set(name: string, value: unknown): void {
    this.storage.sql.exec(
      'INSERT OR REPLACE INTO setting (name, json) VALUES (?, ?)',
      name,
      JSON.stringify(value),
    );
  }
}
