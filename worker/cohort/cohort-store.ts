import type { MeasuredUpdate } from '../../shared/aggregation/aggregation-rule.ts';
import type { Acceptance, CohortLog, KeptMemory, KeptUpdate } from '../../shared/cohort/ports.ts';
import type { CohortEntry, FoldedRole } from '../../shared/protocol/cohort-report.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { storedSpec } from '../../shared/protocol/run-spec.ts';
import { createTables } from './cohort-tables.ts';

export interface Sender {
  readonly run: string;
  readonly role: Role;
}

type UpdateRow = {
  readonly lease: string;
  readonly weight: number;
  readonly facts: string;
  readonly envelope: ArrayBuffer | null;
  readonly object: string | null;
};

/** The SQLite side of a cohort: its log, its settings, and what the coordinator has not heard yet. */
export class CohortStore implements CohortLog {
  private readonly storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.storage = storage;
    createTables(storage);
  }

  together<T>(write: () => T): T {
    return this.storage.transactionSync(write);
  }

  config(): RunConfig | null {
    const config = this.setting<RunConfig>('config');
    return config && { ...config, spec: storedSpec(config.spec) };
  }

  setConfig(config: RunConfig): void {
    this.set('config', config);
  }

  /** Whose cohort this is. It is known from the first call on, so that the alarm can tell the coordinator too. */
  sender(): Sender | null {
    return this.setting<Sender>('sender');
  }

  setSender(sender: Sender): void {
    this.set('sender', sender);
  }

  isFinished(): boolean {
    return this.setting<boolean>('finished') ?? false;
  }

  finish(): void {
    this.set('finished', true);
  }

  closedRound(): number {
    return this.setting<number>('closedRound') ?? -1;
  }

  closeRound(round: number): void {
    this.set('closedRound', round);
  }

  isUpdated(lease: string): boolean {
    return this.has('SELECT 1 FROM accepted WHERE lease = ?', lease);
  }

  hasServed(round: number, volunteer: string): boolean {
    return this.has(
      'SELECT 1 FROM accepted WHERE round >= ? AND volunteer = ? AND leased = ?',
      ...[round, volunteer, round],
    );
  }

  accept({ lease, volunteer, round, countsIn, examples, weight, facts, place }: Acceptance): void {
    const envelope = 'bytes' in place ? place.bytes.slice().buffer : null;
    const object = 'key' in place ? place.key : null;
    this.storage.sql.exec(
      `INSERT INTO accepted (lease, volunteer, round, leased, examples, weight, facts, envelope, object)
       VALUES (?,?,?,?,?,?,?,?,?)`,
      ...[lease, volunteer, countsIn, round, examples, weight, JSON.stringify(facts), envelope, object],
    );
  }

  countOf(round: number, volunteer: string): number {
    return this.storage.sql
      .exec<{ count: number }>(
        'SELECT count(*) AS count FROM accepted WHERE round = ? AND volunteer = ?',
        ...[round, volunteer],
      )
      .one().count;
  }

  examples(round: number): number[] {
    const rows = this.storage.sql.exec<{ examples: number }>(
      'SELECT examples FROM accepted WHERE round = ? ORDER BY number',
      round,
    );
    return Array.from(rows, ({ examples }) => examples);
  }

  countUpdates(round: number): number {
    return this.storage.sql
      .exec<{ count: number }>('SELECT count(*) AS count FROM accepted WHERE round = ?', round)
      .one().count;
  }

  measured(round: number): MeasuredUpdate[] {
    const rows = this.storage.sql.exec<{ weight: number; facts: string }>(
      'SELECT weight, facts FROM accepted WHERE round = ? ORDER BY number',
      round,
    );
    return Array.from(rows, ({ weight, facts }) => ({ weight, facts: JSON.parse(facts) }));
  }

  *updates(round: number): Iterable<KeptUpdate> {
    const numbers = this.storage.sql
      .exec<{ number: number }>('SELECT number FROM accepted WHERE round = ? ORDER BY number', round)
      .toArray();
    for (const { number } of numbers) yield this.update(number);
  }

  dropEnvelopes(round: number): string[] {
    const objects = this.storage.sql
      .exec<{ object: string }>('SELECT object FROM accepted WHERE round <= ? AND object IS NOT NULL', round)
      .toArray();
    this.storage.sql.exec('UPDATE accepted SET envelope = NULL, object = NULL WHERE round <= ?', round);
    return objects.map(row => row.object);
  }

  countRefusal(lease: string, round: number): number {
    return this.storage.sql
      .exec<{ count: number }>(
        'INSERT INTO refused (lease, round, count) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1 RETURNING count',
        lease,
        round,
      )
      .one().count;
  }

  post(entry: CohortEntry): void {
    this.storage.sql.exec('INSERT INTO outbox (json) VALUES (?)', JSON.stringify(entry));
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
    return !this.has('SELECT 1 FROM outbox LIMIT 1');
  }

  delivered(last: number): void {
    this.storage.sql.exec('DELETE FROM outbox WHERE number <= ?', last);
  }

  folded(round: number): FoldedRole | null {
    const [row] = this.storage.sql
      .exec<{ json: string }>('SELECT json FROM folded WHERE round = ?', round)
      .toArray();
    return row ? JSON.parse(row.json) : null;
  }

  setFolded(round: number, result: FoldedRole): void {
    this.storage.sql.exec(
      'INSERT OR REPLACE INTO folded (round, json) VALUES (?, ?)',
      round,
      JSON.stringify(result),
    );
  }

  memory(): KeptMemory | null {
    return this.setting<KeptMemory>('memory');
  }

  setMemory(memory: KeptMemory): void {
    this.set('memory', memory);
  }

  forgottenRound(): number {
    return this.setting<number>('forgottenRound') ?? -1;
  }

  forget(round: number): void {
    this.set('forgottenRound', round);
    for (const table of ['accepted', 'folded', 'refused'])
      this.storage.sql.exec(`DELETE FROM ${table} WHERE round <= ?`, round);
  }

  private update(number: number): KeptUpdate {
    const { lease, weight, facts, envelope, object } = this.storage.sql
      .exec<UpdateRow>('SELECT lease, weight, facts, envelope, object FROM accepted WHERE number = ?', number)
      .one();
    const place = envelope ? { bytes: new Uint8Array(envelope) } : { key: object ?? '' };
    return { lease, weight, facts: JSON.parse(facts), place };
  }

  private has(query: string, ...values: (string | number)[]): boolean {
    return this.storage.sql.exec(query, ...values).toArray().length > 0;
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
