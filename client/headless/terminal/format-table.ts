import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { fitColumns, headOf, type LaidColumn, rowInWords, rowOf, terminalRoom } from './table-layout.ts';
import { widthOf } from './text-width.ts';

/** A column of a table whose rows are all known before it is printed. */
export interface TableColumn {
  readonly title: string;
  /** Words stand at the left, figures at the right. */
  readonly isText?: boolean;
}

/** A column of words that is narrower than this is hard to read. */
const LEAST_WORDS = 10;

/**
 * Each column is as wide as its widest cell, with titles and a rule above. If the terminal is narrower, long words go on
 * in the next line. If not even that has room, each row is told in words.
 * @param room the cells in a line
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  room = terminalRoom(),
): string {
  const shown = rows.map(cells => cells.map(toOneLine));
  const laid = columns.map((column, i) =>
    layOut(column, [column.title, ...shown.map(cells => cells[i] ?? '')]),
  );
  const fitted = fitColumns(laid, room);
  return fitted
    ? [headOf(fitted), ...shown.map(cells => rowOf(fitted, cells))].join('\n')
    : shown.map(cells => rowInWords(laid, cells)).join('\n');
}

function layOut(column: TableColumn, cells: readonly string[]): LaidColumn {
  const width = Math.max(...cells.map(widthOf));
  return { ...column, width, least: column.isText ? Math.min(width, LEAST_WORDS) : width };
}
