/** Reads a text of rows and columns: CSV (RFC 4180), and what a spreadsheet puts on the clipboard. */
import { decodeSheet } from '../../math/utf8.ts';

export interface Row {
  /** Of its first line, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Whether a quote opens in it that is never closed. Then the cells are no good. */
  readonly isOpen: boolean;
}

/** What stands between two cells. A spreadsheet pastes tabs; German ones write semicolons, because a comma is a number's. */
const DELIMITERS = ['\t', ';', ','] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** A text of more lines is decoded piece by piece, so that it is not held as a string as well. */
const PIECE_BYTES = 1_000_000;
/** Of one row. A quote that is never closed, or a file of no lines, would make the rest of the text one cell. */
const MAX_ROW_CHARS = 4_000_000;
const LINE_END = /\r\n|\n|\r/;
const SAMPLE_LINES = 20;
/** Excel's first line that says what stands between two cells. */
const SAYS_DELIMITER = /^"?sep=(.)"?$/i;

/** The one that the first line names, or else the one by which the first lines have the most columns, and all of them equally many. */
export function chooseDelimiter(bytes: Uint8Array): Delimiter {
  const lines: string[] = [];
  let chars = 0;
  for (const line of linesOf(bytes)) {
    const said = lines.length === 0 ? SAYS_DELIMITER.exec(line)?.[1] : undefined;
    const named = DELIMITERS.find(delimiter => delimiter === said);
    if (named !== undefined) return named;
    if (line.trim() !== '') lines.push(line);
    chars += line.length;
    if (lines.length === SAMPLE_LINES || chars > MAX_ROW_CHARS) break;
  }
  const score = (delimiter: Delimiter): number => {
    const counts = lines.map(line => new RowSplitter(delimiter).add(line).cells.length - 1);
    const [first = 0] = counts;
    return first * counts.filter(count => count === first).length;
  };
  return DELIMITERS.reduce((best, other) => (score(other) > score(best) ? other : best));
}

/**
 * The rows that have something in them, one after another. If a quote is never closed, only its own line is lost: those
 * behind it are rows of their own again.
 */
export function* readRows(bytes: Uint8Array, delimiter: Delimiter): Generator<Row> {
  let splitter = new RowSplitter(delimiter);
  let lines: string[] = [];
  let line = 0;
  for (const text of linesOf(bytes)) {
    line += 1;
    if (line === 1 && SAYS_DELIMITER.test(text)) continue;
    if (splitter.isEmpty && text.trim() === '') continue;
    splitter.add(text);
    lines.push(text);
    // A cell in quotes may go on in the next line.
    if (splitter.isOpen && splitter.chars < MAX_ROW_CHARS) continue;
    yield* rowsOf(splitter, lines, line - lines.length + 1, delimiter);
    [splitter, lines] = [new RowSplitter(delimiter), []];
  }
  if (!splitter.isEmpty) yield* rowsOf(splitter, lines, line - lines.length + 1, delimiter);
}

/** The row that these lines are or, if they cannot be one, a row for each of them. */
function* rowsOf(
  splitter: RowSplitter,
  lines: readonly string[],
  from: number,
  delimiter: Delimiter,
): Generator<Row> {
  const isWrong = splitter.isOpen || (lines.length > 1 && splitter.goesOn);
  if (!isWrong) return yield { line: from, cells: splitter.cells, isOpen: false };
  for (const [i, text] of lines.entries()) {
    const { cells, isOpen, isEmpty } = new RowSplitter(delimiter).add(text);
    if (!isEmpty && text.trim() !== '') yield { line: from + i, cells, isOpen };
  }
}

function* linesOf(bytes: Uint8Array): Generator<string> {
  let at = 0;
  while (at < bytes.length) {
    const end = isWideText(bytes) ? bytes.length : pieceEnd(bytes, at);
    const lines = decodeSheet(bytes.subarray(at, end)).split(LINE_END);
    // A piece ends behind a line's end, so that its last line is empty.
    if (lines.at(-1) === '') lines.pop();
    yield* lines;
    at = end;
  }
}

/** UTF-16 has a mark at its start, which its pieces would lack. */
export const isWideText = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

/** Behind the end of a line. A line that is longer than any row is cut. */
function pieceEnd(bytes: Uint8Array, at: number): number {
  const most = Math.min(bytes.length, at + PIECE_BYTES + MAX_ROW_CHARS);
  const end = bytes.subarray(at + PIECE_BYTES, most).indexOf(0x0a);
  return end === -1 ? most : at + PIECE_BYTES + end + 1;
}

/** Splits a row into cells, line by line, and goes over each character once. */
class RowSplitter {
  isOpen = false;
  /** Whether a cell goes on behind its closing quote, as if that were the opening one of another cell. */
  goesOn = false;
  chars = 0;
  private isClosed = false;
  private readonly delimiter: Delimiter;
  private readonly done: string[] = [];
  private cell = '';

  constructor(delimiter: Delimiter) {
    this.delimiter = delimiter;
  }

  get isEmpty(): boolean {
    return this.chars === 0;
  }

  get cells(): string[] {
    return [...this.done, this.cell.trim()];
  }

  add(line: string): this {
    if (this.isOpen) this.cell += '\n';
    this.chars += line.length + 1;
    if (this.isOpen || line.includes('"')) this.addQuoted(line);
    else this.addPlain(line.split(this.delimiter));
    return this;
  }

  private addPlain(cells: readonly string[]): void {
    for (const cell of cells.slice(0, -1)) this.done.push(cell.trim());
    this.cell = cells.at(-1) ?? '';
  }

  private addQuoted(line: string): void {
    for (let i = 0; i < line.length; i++) {
      const char = line[i] as string;
      if (char === '"' && this.isOpen && line[i + 1] === '"') {
        this.cell += '"';
        i += 1;
      } else if (char === '"' && (this.isOpen || this.cell.trim() === '')) {
        this.isClosed = this.isOpen;
        this.isOpen = !this.isOpen;
      } else if (char === this.delimiter && !this.isOpen) {
        this.done.push(this.cell.trim());
        [this.cell, this.isClosed] = ['', false];
      } else {
        this.goesOn ||= this.isClosed && char.trim() !== '';
        this.cell += char;
      }
    }
  }
}
