import type { KeptUpdate } from '../../shared/cohort/ports.ts';
import type { SketchedUpdate } from '../../shared/protocol/cohort-report.ts';

type UpdateRow = {
  readonly number: number;
  readonly lease: string;
  readonly volunteer: string;
  readonly examples: number;
  readonly weight: number;
  readonly facts: string;
  readonly envelope: ArrayBuffer | null;
  readonly object: string | null;
};

/** Without its envelope. */
export type AcceptanceRow = Omit<UpdateRow, 'envelope' | 'object'>;

/** @param numbers of the round's rows, ascending */
export const readAcceptances = (
  sql: SqlStorage,
  round: number,
  numbers: readonly number[],
): AcceptanceRow[] =>
  sql
    .exec<AcceptanceRow>(
      `SELECT number, lease, volunteer, examples, weight, facts FROM returned
       WHERE number BETWEEN ? AND ? AND round = ? AND weight IS NOT NULL ORDER BY number`,
      ...[numbers.at(0) ?? 0, numbers.at(-1) ?? 0, round],
    )
    .toArray();

type SketchRow = { readonly number: number; readonly entry: string; readonly sketch: ArrayBuffer | null };

/** @param numbers of those of the round's rows that count, ascending */
export function readSketches(sql: SqlStorage, round: number, numbers: readonly number[]): SketchedUpdate[] {
  const counting = new Set(numbers);
  const rows = sql.exec<SketchRow>(
    `SELECT number, entry, sketch FROM returned
     WHERE number BETWEEN ? AND ? AND round = ? AND weight IS NOT NULL ORDER BY number`,
    ...[numbers.at(0) ?? 0, numbers.at(-1) ?? 0, round],
  );
  return Array.from(rows)
    .filter(({ number }) => counting.has(number))
    .map(({ entry, sketch }) => {
      // Of an update from before there were sketches nothing may be told any more.
      const { volunteer = '', norm = 0 }: Partial<SketchedUpdate> = entry ? JSON.parse(entry) : {};
      return { volunteer, norm, sketch: sketch && new Uint8Array(sketch) };
    });
}

export function readUpdate(sql: SqlStorage, number: number): KeptUpdate {
  const { lease, weight, facts, envelope, object } = sql
    .exec<Omit<UpdateRow, 'number' | 'volunteer' | 'examples'>>(
      'SELECT lease, weight, facts, envelope, object FROM returned WHERE number = ?',
      number,
    )
    .one();
  const place = envelope ? { bytes: new Uint8Array(envelope) } : { key: object ?? '' };
  return { lease, weight, facts: JSON.parse(facts), place };
}

export type Column = string | number | ArrayBuffer | null;

export const addRow = (sql: SqlStorage, row: readonly Column[]): void => {
  sql.exec(
    `INSERT INTO returned (
       number, round, leased, lease, volunteer, entry, examples, weight, facts, sketch, object, envelope)
     VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
    ...row,
  );
};

type EntryRow = { readonly number: number; readonly entry: string };

/** The rows after this one, the oldest first. */
export const readEntries = (sql: SqlStorage, after: number, limit: number): EntryRow[] =>
  sql
    .exec<EntryRow>(
      'SELECT number, entry FROM returned WHERE number > ? ORDER BY number LIMIT ?',
      ...[after, limit],
    )
    .toArray();

/** [BACK3] The updates of later rounds count in this one. */
export const recountRows = (sql: SqlStorage, round: number): void => {
  sql.exec('UPDATE returned SET round = ? WHERE round > ? AND weight IS NOT NULL', round, round);
};
