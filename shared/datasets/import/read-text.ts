import type { ImageShape } from '../../protocol/part-size.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import {
  type ColumnsGuess,
  guessColumns,
  guessLabel,
  guessPixels,
  pixelScale,
} from '../table/describe-columns.ts';
import { isMissing, numberStyle, type ReadNumber } from '../table/read-number.ts';
import { chooseDelimiter, isWideText, type Row, readRows } from '../table/read-rows.ts';
import type { FileProblems } from './file-problems.ts';
import type { TextTable } from './found-data.ts';

export interface TextChoice {
  /** The name of the column that has the classes, or its index from 0. Guessed if left out. */
  readonly labelColumn?: string | number;
  /** Columns that a guess leaves out, by their index. */
  readonly notLabels?: ReadonlySet<number>;
  /** Whether numbers are a table though they look like pixels. */
  readonly asTable?: boolean;
}

/** A text whose rows were read. */
export interface ReadText {
  /** Of the pictures, if the numbers are pixels. */
  readonly shape?: ImageShape;
  /** The columns of numbers that are learnt from. */
  readonly columnNames: readonly string[];
  readonly textTable: TextTable;
  readonly notes: readonly string[];
  readonly rows: readonly TextRow[];
}

interface TextRow {
  readonly line: number;
  readonly label: string;
  /** Pixels as bytes, or numbers as they stand there. */
  readonly values: Float64Array | Uint8Array;
}

/** So many rows tell what the columns are. */
const SAMPLE_ROWS = 100;
/** More are the pixels of no picture that fits a part. */
const MAX_WIDTH = 200_000;
/** A row of a table is a picture of one line, which is no longer. */
const MAX_COLUMNS = 1024;
/** Pixels take a byte each, numbers eight. */
const MAX_PIXELS = 400_000_000;
const MAX_NUMBERS = 25_000_000;
const MAX_ROWS = 1_000_000;

/**
 * Reads all rows. Rows that cannot be read go to the problems.
 * @param like a text whose columns this one must have
 */
export function readText(
  bytes: Uint8Array,
  path: string,
  choice: TextChoice,
  problems: FileProblems,
  like?: ReadText,
): Result<ReadText> {
  if (isNoText(bytes)) return refused('malformed', `${path} is no text: save it as CSV (UTF-8)`);
  const delimiter = chooseDelimiter(bytes);
  const sample: Row[] = [];
  for (const row of readRows(bytes, delimiter)) if (!row.isOpen && sample.push(row) > SAMPLE_ROWS) break;
  const cells = sample.map(row => row.cells);
  const read = numberStyle(cells.flat(), delimiter);
  const layout = like ? sameLayout(like, cells, read) : findLayout(cells, read, choice, path);
  if (!layout.ok) return layout;
  const rows = readAll(readRows(bytes, delimiter), layout.value, { path, read, problems });
  return rows.ok ? accepted({ ...layout.value, rows: rows.value }) : rows;
}

/** Texts have no bytes of zeros, but in UTF-16, which begins with a mark. */
const isNoText = (bytes: Uint8Array): boolean =>
  !isWideText(bytes) && bytes.subarray(0, TEXT_TOLD_BY).includes(0);

const TEXT_TOLD_BY = 10_000;

/** Which columns are read, and how. */
interface Layout extends Omit<ReadText, 'rows'> {
  readonly hasHeader: boolean;
  readonly width: number;
  /** The indices of the columns of numbers. */
  readonly numeric: readonly number[];
  /** By how much a pixel is multiplied. */
  readonly scale: number;
}

function findLayout(
  cells: readonly (readonly string[])[],
  read: ReadNumber,
  choice: TextChoice,
  path: string,
): Result<Layout> {
  const guess = guessColumns(cells, read);
  const rows = guess.hasHeader ? cells.slice(1) : cells;
  const { columns } = guess;
  if (rows.length === 0) return refused('malformed', `${path} has no rows`);
  if (columns.length < 2)
    return refused(
      'malformed',
      `${path} has one column: it needs one for the classes and others to learn from, with commas, semicolons or tabs between them`,
    );
  if (columns.length > MAX_WIDTH)
    return refused('malformed', `${path} has ${columns.length} columns: at most ${MAX_WIDTH} are read`);
  const label = labelColumn(guess, rows, choice, path);
  if (!label.ok) return label;
  const others = columns.map((_, column) => column).filter(column => column !== label.value);
  const numeric = others.filter(column => columns[column]?.isNumeric);
  const pixels = findPixels(guess, others, rows, read);
  const notes = notRead(guess, label.value, choice.labelColumn === undefined, numeric);
  const names = numeric.map(column => columns[column]?.name ?? '');
  const textTable: TextTable = {
    columns: columns.map((column, i) => ({ ...column, sample: rows[0]?.[i] ?? '' })),
    labelColumn: label.value,
    looksLikePixels: pixels !== undefined,
  };
  const base = {
    hasHeader: guess.hasHeader,
    width: columns.length,
    numeric,
    columnNames: names,
    textTable,
    notes,
  };
  if (pixels && !choice.asTable) return accepted({ ...base, ...pixels });
  if (numeric.length === 0)
    return refused(
      'malformed',
      `${path} has no column of numbers beside ${columnText(columns[label.value]?.name)}`,
    );
  if (numeric.length > MAX_COLUMNS)
    return refused(
      'malformed',
      `${path} has ${numeric.length} columns of numbers: at most ${MAX_COLUMNS} are possible`,
    );
  return accepted({ ...base, scale: 1 });
}

/** The layout of another text, if this one has the same columns, whatever they are called. */
function sameLayout(
  { rows: _, ...like }: ReadText,
  cells: readonly (readonly string[])[],
  read: ReadNumber,
): Result<Layout> {
  const guess = guessColumns(cells, read);
  const { textTable } = like;
  const names = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name).join('\n');
  if (guess.columns.length !== textTable.columns.length)
    return refused(
      'malformed',
      `it has ${guess.columns.length} columns, not ${textTable.columns.length}, so it lacks the classes or is of another table`,
    );
  if (guess.hasHeader && names(guess.columns) !== names(textTable.columns))
    return refused('malformed', 'its columns have other names');
  const numeric = textTable.columns.flatMap(({ isNumeric }, column) =>
    isNumeric && column !== textTable.labelColumn ? [column] : [],
  );
  const values = cells
    .slice(guess.hasHeader ? 1 : 0)
    .flatMap(row => numeric.flatMap(i => read(row[i] ?? '') ?? []));
  const scale = like.shape ? (pixelScale(values, true) ?? 1) : 1;
  return accepted({ ...like, hasHeader: guess.hasHeader, width: guess.columns.length, numeric, scale });
}

function labelColumn(
  guess: ColumnsGuess,
  rows: readonly (readonly string[])[],
  { labelColumn: chosen, notLabels }: TextChoice,
  path: string,
): Result<number> {
  if (chosen === undefined) return accepted(guessLabel(guess, rows, notLabels));
  const { columns } = guess;
  const named = columns.findIndex(({ name }) => name === chosen);
  const index = named === -1 ? Number(chosen) : named;
  if (Number.isInteger(index) && index >= 0 && index < columns.length) return accepted(index);
  const names = columns.slice(0, 10).map(({ name }) => name);
  // Columns are told by their place from 1.
  const asked = typeof chosen === 'number' ? chosen + 1 : chosen;
  return refused(
    'malformed',
    `${path} has no column ${asked}: it has ${names.join(', ')}${columns.length > names.length ? ' and more' : ''}`,
  );
}

function findPixels(
  { columns, hasHeader }: ColumnsGuess,
  others: readonly number[],
  rows: readonly (readonly string[])[],
  read: ReadNumber,
): { shape: ImageShape; scale: number } | undefined {
  const shape = guessPixels(
    others.flatMap(column => columns[column] ?? []),
    hasHeader,
  );
  const values = rows.flatMap(row => others.flatMap(column => read(row[column] ?? '') ?? []));
  const scale = shape && pixelScale(values, hasHeader);
  return shape && scale !== undefined ? { shape, scale } : undefined;
}

const SHOWN = 8;

function notRead(
  { columns }: ColumnsGuess,
  label: number,
  isGuessed: boolean,
  numeric: readonly number[],
): string[] {
  const read = new Set([label, ...numeric]);
  const words = columns.flatMap(({ name }, i) => (read.has(i) ? [] : [name]));
  const shown = words.length > SHOWN ? `${words.slice(0, SHOWN).join(', ')} and more` : words.join(', ');
  return [
    ...(isGuessed ? [`the classes are taken from ${columnText(columns[label]?.name)}`] : []),
    ...(words.length > 0 ? [`not read, because it is not of numbers: ${shown}`] : []),
  ];
}

interface Reading {
  readonly path: string;
  readonly read: ReadNumber;
  readonly problems: FileProblems;
}

function readAll(rows: Iterable<Row>, layout: Layout, reading: Reading): Result<TextRow[]> {
  const most = Math.min(
    MAX_ROWS,
    Math.floor((layout.shape ? MAX_PIXELS : MAX_NUMBERS) / layout.numeric.length),
  );
  const all: TextRow[] = [];
  let isFirst = true;
  for (const row of rows) {
    const isHeader = isFirst && layout.hasHeader;
    isFirst = false;
    if (isHeader) continue;
    const values = readValues(row, layout, reading.read);
    if (typeof values === 'string') reading.problems.add(`${reading.path}, line ${row.line}`, values);
    else all.push({ line: row.line, label: row.cells[layout.textTable.labelColumn] ?? '', values });
    if (all.length > most)
      return refused('too-large', `${reading.path} has more than ${most} rows, which do not fit memory`);
  }
  return all.length > 0 ? accepted(all) : refused('malformed', `${reading.path} has no row that can be read`);
}

/** A text says what is wrong with the row. It follows where it is. */
function readValues(
  { cells, isOpen }: Row,
  { width, numeric, shape, scale, textTable }: Layout,
  read: ReadNumber,
): Float64Array | Uint8Array | string {
  if (isOpen) return 'has a quote that is never closed';
  if (cells.length !== width) return `has ${cells.length} columns, not ${width}`;
  if (isMissing(cells[textTable.labelColumn] ?? '')) return 'has no class';
  const values = new Float64Array(numeric.length);
  for (const [i, column] of numeric.entries()) {
    const cell = cells[column] ?? '';
    const value = read(cell);
    const name = columnText(textTable.columns[column]?.name);
    if (value === undefined || !Number.isFinite(value))
      return isMissing(cell)
        ? `lacks a number in ${name}`
        : `has ${short(cell)} in ${name}, which is no number`;
    if (shape && (value < 0 || Math.round(value * scale) > 255))
      return `has ${short(cell)} in ${name}: pixels are from 0 to ${Math.round(255 / scale)}`;
    values[i] = value * scale;
  }
  return shape ? Uint8Array.from(values, Math.round) : values;
}

const short = (cell: string): string => (cell.length > 20 ? `${cell.slice(0, 20)}…` : cell);

/** A column without a name of its own is called `column 3` already. */
const columnText = (name = ''): string => (/^column \d+$/.test(name) ? name : `column ${name}`);
