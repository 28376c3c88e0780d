import type { LedgerEntry } from '../../shared/protocol/events.ts';

/** Number, moment and type stand first, and then all that any entry says, in the order in which it came up. */
const FIRST = ['seq', 'at', 'type'];

/**
 * A ledger as a table, an entry a row. What is nested has a column of its own, named by its path (`updates.student`). A
 * list of plain values is one cell, with spaces between them. Lines end as RFC 4180 says.
 */
export function ledgerCsv(entries: readonly LedgerEntry[]): string {
  const rows = entries.map(rowOf);
  const columns = new Set(FIRST);
  for (const row of rows) for (const name of row.keys()) columns.add(name);
  const lines = [
    [...columns].map(cellOf),
    ...rows.map(row => [...columns].map(name => cellOf(row.get(name) ?? ''))),
  ];
  return lines.map(cells => `${cells.join(',')}\r\n`).join('');
}

type Cell = string | number | boolean;

function rowOf({ seq, at, event }: LedgerEntry): ReadonlyMap<string, Cell> {
  const row = new Map<string, Cell>([
    ['seq', seq],
    ['at', new Date(at).toISOString()],
  ]);
  for (const [name, value] of Object.entries(event)) put(row, name, value);
  return row;
}

function put(row: Map<string, Cell>, name: string, value: unknown): void {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    row.set(name, value);
  else if (Array.isArray(value) && value.every(one => typeof one !== 'object'))
    row.set(name, value.join(' '));
  else if (typeof value === 'object' && value !== null)
    for (const [inner, each] of Object.entries(value)) put(row, `${name}.${inner}`, each);
}

/**
 * Others choose the names. A spreadsheet computes what begins like a formula, so such a text gets an apostrophe before it,
 * which spreadsheets do not show.
 */
function cellOf(value: Cell): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
