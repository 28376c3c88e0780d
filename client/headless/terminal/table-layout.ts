import { padText, wrapText } from './text-width.ts';

/** A column as it is laid out. Widths are in cells of the terminal. */
export interface LaidColumn {
  readonly title: string;
  /** Words stand at the left, figures at the right. */
  readonly isText?: boolean;
  /** What it would like to have. */
  readonly width: number;
  /** What it needs: a cell that is longer goes on in the next line. */
  readonly least: number;
}

const GAP = '  ';

/** The cells in a line of this terminal. A file or a pipe takes lines of any length. */
export const terminalRoom = (): number =>
  process.stdout.isTTY ? (process.stdout.columns ?? 80) : Number.POSITIVE_INFINITY;

const totalOf = (columns: readonly LaidColumn[]): number =>
  columns.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);

/**
 * The columns, as narrow as the room asks for. The widest gives way first.
 * @returns null if not even the least widths have room
 */
export function fitColumns(columns: readonly LaidColumn[], room: number): readonly LaidColumn[] | null {
  const fitted = columns.map(column => ({ ...column }));
  for (let excess = totalOf(fitted) - room; excess > 0; excess--) {
    const [widest] = fitted
      .filter(({ width, least }) => width > least)
      .toSorted((one, other) => other.width - one.width);
    if (!widest) return null;
    widest.width--;
  }
  return fitted;
}

/** Titles with a rule below. */
export const headOf = (columns: readonly LaidColumn[]): string =>
  `${rowOf(
    columns,
    columns.map(({ title }) => title),
  )}\n${'─'.repeat(totalOf(columns))}`;

/** A row of the table. It has several lines if a cell is longer than its column is wide. */
export function rowOf(columns: readonly LaidColumn[], cells: readonly string[]): string {
  const wrapped = columns.map(({ width }, i) => wrapText(cells[i] ?? '', width));
  const height = Math.max(...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ isText = false, width }, i) => padText(wrapped[i]?.[line] ?? '', width, isText))
      .join(GAP)
      .trimEnd(),
  ).join('\n');
}

/** A row where a table has no room: each cell behind its title. */
export const rowInWords = (columns: readonly LaidColumn[], cells: readonly string[]): string =>
  columns.flatMap(({ title }, i) => (cells[i] ? `${title} ${cells[i]}` : [])).join(' · ');
