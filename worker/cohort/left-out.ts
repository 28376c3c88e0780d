import type { LeftOutUpdates } from '../../shared/cohort/ports.ts';
import type { SettingTable } from '../storage/setting-table.ts';
import type { ReturnedIndex } from './returned-index.ts';
import { type AcceptanceRow, readAcceptances } from './update-rows.ts';

/** [CHECK9] Which updates of which round are left out. */
export const leftOutOf = (settings: SettingTable): LeftOutUpdates | null =>
  settings.get<LeftOutUpdates>('leftOut');

export interface ReturnedRows {
  readonly sql: SqlStorage;
  readonly settings: SettingTable;
  readonly returned: ReturnedIndex;
}

/** The updates of a round that are not left out, in the order of acceptance. */
export function countingRows({ sql, settings, returned }: ReturnedRows, round: number): AcceptanceRow[] {
  const rows = readAcceptances(sql, round, returned.numbers(round));
  const left = leftOutOf(settings);
  if (left?.round !== round) return rows;
  const leases = new Set(left.leases);
  return rows.filter(({ lease }) => !leases.has(lease));
}

/** The numbers of their rows. If nothing is left out, no row is read. */
export const countingNumbers = (rows: ReturnedRows, round: number): readonly number[] =>
  leftOutOf(rows.settings)?.round === round
    ? countingRows(rows, round).map(({ number }) => number)
    : rows.returned.numbers(round);
