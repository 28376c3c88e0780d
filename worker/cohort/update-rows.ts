import type { KeptUpdate } from '../../shared/cohort/ports.ts';
import type { SketchedUpdate } from '../../shared/protocol/cohort-report.ts';

type UpdateRow = {
  readonly lease: string;
  readonly examples: number;
  readonly weight: number;
  readonly facts: string;
  readonly envelope: ArrayBuffer | null;
  readonly object: string | null;
};

/** Without its envelope. */
export type AcceptanceRow = Pick<UpdateRow, 'examples' | 'weight' | 'facts'>;

/** @param numbers of the round's rows, ascending */
export const readAcceptances = (
  sql: SqlStorage,
  round: number,
  numbers: readonly number[],
): AcceptanceRow[] =>
  sql
    .exec<AcceptanceRow>(
      `SELECT examples, weight, facts FROM returned
       WHERE number BETWEEN ? AND ? AND round = ? AND weight IS NOT NULL ORDER BY number`,
      ...[numbers.at(0) ?? 0, numbers.at(-1) ?? 0, round],
    )
    .toArray();

type SketchRow = { readonly entry: string; readonly sketch: ArrayBuffer | null };

/** @param numbers of the round's rows, ascending */
export function readSketches(sql: SqlStorage, round: number, numbers: readonly number[]): SketchedUpdate[] {
  const rows = sql.exec<SketchRow>(
    `SELECT entry, sketch FROM returned
     WHERE number BETWEEN ? AND ? AND round = ? AND weight IS NOT NULL ORDER BY number`,
    ...[numbers.at(0) ?? 0, numbers.at(-1) ?? 0, round],
  );
  return Array.from(rows, ({ entry, sketch }) => {
    // Of an update from before there were sketches nothing may be told any more.
    const { volunteer = '', norm = 0 }: Partial<SketchedUpdate> = entry ? JSON.parse(entry) : {};
    return { volunteer, norm, sketch: sketch && new Uint8Array(sketch) };
  });
}

export function readUpdate(sql: SqlStorage, number: number): KeptUpdate {
  const { lease, weight, facts, envelope, object } = sql
    .exec<UpdateRow>('SELECT lease, weight, facts, envelope, object FROM returned WHERE number = ?', number)
    .one();
  const place = envelope ? { bytes: new Uint8Array(envelope) } : { key: object ?? '' };
  return { lease, weight, facts: JSON.parse(facts), place };
}
