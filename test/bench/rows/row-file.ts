import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';

/** What every row says besides its bench's own. */
export interface AnyRow {
  /** The version of the code that made it; null in rows that were published before there were any. */
  readonly code: number | null;
}

/** What rows a bench has. */
export interface RowKind<Row extends AnyRow> {
  /** @throws if it is no row of this bench */
  parse(value: unknown): Row;
  /** Rows with the same key are of the same run. */
  keyOf(row: Row): string;
  /** Of the code. Rows of another one are read, and none is added to them. */
  readonly version: number;
}

/** The last line of a file, if a bench was killed while it wrote it: its run has no row. */
interface TornLine {
  readonly line: number;
  /** In bytes. */
  readonly startsAt: number;
}

interface RowFile<Row> {
  /** The newest one of each run. */
  readonly rows: readonly Row[];
  readonly torn: TornLine | null;
}

interface Line {
  readonly text: string;
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly startsAt: number;
}

/**
 * Reads a file of rows; none if it is not there. Nothing is changed in it.
 * @throws with one line that says which line is not a row
 */
export function readRowFile<Row extends AnyRow>(kind: RowKind<Row>, path: string): RowFile<Row> {
  const { placed, torn } = readLines(kind, path);
  return { rows: [...new Map(placed.map(({ row }) => [kind.keyOf(row), row])).values()], torn };
}

/**
 * The rows of a file that others are to be added to. A torn last line is cut off, and a last line without an end is
 * ended.
 * @param say told what was mended
 * @throws with one line that says which line is not a row, or is of another version of the code
 */
export function openRows<Row extends AnyRow>(
  kind: RowKind<Row>,
  path: string,
  say: (line: string) => void,
): Row[] {
  const { placed, torn } = readLines(kind, path);
  const other = placed.find(({ row }) => row.code !== kind.version);
  if (other) throw new Error(whyOther(path, other, kind.version));
  if (torn) {
    truncateSync(path, torn.startsAt);
    say(`${describeTorn(path, torn)}: the line is cut off, and its run is repeated.`);
  } else if (placed.length > 0 && readFileSync(path).at(-1) !== END) appendFileSync(path, '\n');
  return [...readRowFile(kind, path).rows];
}

export const describeTorn = (path: string, { line }: TornLine): string =>
  `${path}:${line} is torn, a bench was killed while it wrote it`;

export const appendRow = (path: string, row: AnyRow): void =>
  appendFileSync(path, `${JSON.stringify(row)}\n`);

function whyOther(path: string, { row: { code }, number }: PlacedRow<AnyRow>, version: number): string {
  const its = code === null ? 'of no version' : `of version ${code}`;
  return `${path}:${number} is a row ${its} of the bench, which is at version ${version} now: such rows are for --report only, choose another file for new ones`;
}

interface PlacedRow<Row> {
  readonly row: Row;
  /** Of its line. */
  readonly number: number;
}

function readLines<Row extends AnyRow>(
  kind: RowKind<Row>,
  path: string,
): { placed: readonly PlacedRow<Row>[]; torn: TornLine | null } {
  const lines = existsSync(path) ? linesOf(readFileSync(path)) : [];
  const last = lines.at(-1);
  const isTorn = last !== undefined && !isJson(last.text);
  return {
    placed: lines
      .slice(0, isTorn ? -1 : undefined)
      .map(line => ({ row: parseRow(kind, line, path), number: line.number })),
    torn: isTorn ? { line: last.number, startsAt: last.startsAt } : null,
  };
}

const END = '\n'.charCodeAt(0);

/** The lines that are not empty. */
function linesOf(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  let startsAt = 0;
  for (let number = 1; startsAt < bytes.length; number++) {
    const end = bytes.indexOf(END, startsAt);
    const endsAt = end < 0 ? bytes.length : end;
    const text = bytes.toString('utf8', startsAt, endsAt);
    if (text.trim() !== '') lines.push({ text, number, startsAt });
    startsAt = endsAt + 1;
  }
  return lines;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parseRow<Row extends AnyRow>(kind: RowKind<Row>, { text, number }: Line, path: string): Row {
  try {
    return kind.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${path}:${number} is not a row of this bench: remove the line, or choose another file for rows`,
    );
  }
}
