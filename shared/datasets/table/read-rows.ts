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
/** Of one row. A quote that is never closed would make the rest of the text one cell. */
const MAX_ROW_CHARS = 4_000_000;
const LINE_END = /\r\n|\n|\r/;
const SAMPLE_LINES = 20;

/** The one by which the first lines have the most columns, and all of them equally many. */
export function chooseDelimiter(bytes: Uint8Array): Delimiter {
  const lines: string[] = [];
  for (const line of linesOf(bytes)) {
    if (line.trim() !== '') lines.push(line);
    if (lines.length === SAMPLE_LINES) break;
  }
  const score = (delimiter: Delimiter): number => {
    const counts = lines.map(line => splitRow(line, delimiter).cells.length - 1);
    const [first = 0] = counts;
    return first * counts.filter(count => count === first).length;
  };
  return DELIMITERS.reduce((best, other) => (score(other) > score(best) ? other : best));
}

/** The rows that have something in them, one after another. */
export function* readRows(bytes: Uint8Array, delimiter: Delimiter): Generator<Row> {
  let [line, text, from] = [0, '', 0];
  for (const next of linesOf(bytes)) {
    line += 1;
    if (text === '' && next.trim() === '') continue;
    from = text === '' ? line : from;
    text = text === '' ? next : `${text}\n${next}`;
    const { cells, isOpen } = splitRow(text, delimiter);
    // A cell in quotes may go on in the next line.
    if (isOpen && text.length < MAX_ROW_CHARS) continue;
    yield { line: from, cells };
    text = '';
  }
  if (text !== '') yield { line: from, cells: splitRow(text, delimiter).cells };
}

function* linesOf(bytes: Uint8Array): Generator<string> {
  let at = 0;
  while (at < bytes.length) {
    const end = isWide(bytes) ? bytes.length : lineEndAfter(bytes, at + PIECE_BYTES);
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

function lineEndAfter(bytes: Uint8Array, from: number): number {
  if (from >= bytes.length) return bytes.length;
  const end = bytes.indexOf(0x0a, from);
  return end === -1 ? bytes.length : end + 1;
}

function splitRow(text: string, delimiter: Delimiter): { cells: string[]; isOpen: boolean } {
  if (!text.includes('"')) return { cells: text.split(delimiter).map(cell => cell.trim()), isOpen: false };
  const cells: string[] = [];
  let [cell, isQuoted] = ['', false];
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '"' && isQuoted && text[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else if (char === '"' && (isQuoted || cell.trim() === '')) isQuoted = !isQuoted;
    else if (char === delimiter && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  return { cells: [...cells, cell.trim()], isOpen: isQuoted };
}
