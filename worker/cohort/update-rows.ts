import type { KeptUpdate } from '../../shared/cohort/ports.ts';

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

export function readUpdate(sql: SqlStorage, number: number): KeptUpdate {
  const { lease, weight, facts, envelope, object } = sql
    .exec<UpdateRow>('SELECT lease, weight, facts, envelope, object FROM returned WHERE number = ?', number)
    .one();
  const place = envelope ? { bytes: new Uint8Array(envelope) } : { key: object ?? '' };
  return { lease, weight, facts: JSON.parse(facts), place };
}
