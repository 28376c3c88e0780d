import { toOneLine } from '../../../shared/protocol/one-line.ts';

/** A column of a table whose rows are all known before it is printed. */
export interface TableColumn {
  readonly title: string;
  /** Words stand at the left, figures at the right. */
  readonly isText?: boolean;
}

/** Each column is as wide as its widest cell. Titles and a rule stand above. */
export function formatTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map(cells => cells.map(toOneLine));
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, i) => Math.max(...[titles, ...shown].map(cells => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ isText }, i) => {
        const [cell, width] = [cells[i] ?? '', widths[i] ?? 0];
        return isText ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  const ruleLength = widths.reduce((sum, width) => sum + width + 2, -2);
  return [line(titles), '─'.repeat(ruleLength), ...shown.map(line)].join('\n');
}
