/** Reads a text of rows and columns: CSV (RFC 4180), and what a spreadsheet puts on the clipboard. */
import { decodeText } from '../../math/utf8.ts';

export interface Row {
  /** Of its first line, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
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

/** The one by which the first lines have the most columns, and all of them equally many. */
export function chooseDelimiter(bytes: Uint8Array): Delimiter {
  const lines: string[] = [];
  let chars = 0;
  for (const line of linesOf(bytes)) {
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

/** The rows that have something in them, one after another. */
export function* readRows(bytes: Uint8Array, delimiter: Delimiter): Generator<Row> {
  let splitter = new RowSplitter(delimiter);
  let [line, from] = [0, 0];
  for (const text of linesOf(bytes)) {
    line += 1;
    if (splitter.isEmpty && text.trim() === '') continue;
    if (splitter.isEmpty) from = line;
    splitter.add(text);
    // A cell in quotes may go on in the next line.
    if (splitter.isOpen && splitter.chars < MAX_ROW_CHARS) continue;
    yield { line: from, cells: splitter.cells };
    splitter = new RowSplitter(delimiter);
  }
  if (!splitter.isEmpty) yield { line: from, cells: splitter.cells };
}

function* linesOf(bytes: Uint8Array): Generator<string> {
  let at = 0;
  while (at < bytes.length) {
    const end = isWide(bytes) ? bytes.length : pieceEnd(bytes, at);
    const lines = decodeText(bytes.subarray(at, end)).split(LINE_END);
    // A piece ends behind a line's end, so that its last line is empty.
    if (lines.at(-1) === '') lines.pop();
    yield* lines;
    at = end;
  }
}

/** UTF-16 has a mark at its start, which its pieces would lack. */
const isWide = ([first, second]: Uint8Array): boolean =>
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
  chars = 0;
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
      } else if (char === '"' && (this.isOpen || this.cell.trim() === '')) this.isOpen = !this.isOpen;
      else if (char === this.delimiter && !this.isOpen) {
        this.done.push(this.cell.trim());
        this.cell = '';
      } else this.cell += char;
    }
  }
}
