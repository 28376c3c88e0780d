/** Guesses from the first rows of a text what its columns are. */
import type { ImageShape } from '../../protocol/part-size.ts';
import { isMissing, type ReadNumber } from './read-number.ts';

export interface ColumnGuess {
  readonly name: string;
  readonly isNumeric: boolean;
}

export interface ColumnsGuess {
  readonly hasHeader: boolean;
  readonly columns: readonly ColumnGuess[];
}

type Cells = readonly string[];

/** The first row is a header if it has a word where the rows below have numbers, or if all its cells are words of names. */
export function guessColumns(rows: readonly Cells[], read: ReadNumber): ColumnsGuess {
  const [first = [], ...below] = rows;
  const isNumber = (cell: string): boolean => read(cell) !== undefined;
  const numeric = first.map((_, column) => isNumericBelow(below, column, isNumber));
  const hasHeader =
    below.length > 0 && first.every(cell => !isNumber(cell)) && (numeric.some(Boolean) || areNames(first));
  return {
    hasHeader,
    columns: first.map((cell, column) => ({
      name: hasHeader && cell !== '' ? cell : `column ${column + 1}`,
      isNumeric: isNumericBelow(hasHeader ? below : rows, column, isNumber),
    })),
  };
}

/** A column of numbers may have a word that was mistyped. Its row is left out, not the column. */
const MOSTLY = 0.75;

function isNumericBelow(
  rows: readonly Cells[],
  column: number,
  isNumber: (cell: string) => boolean,
): boolean {
  const cells = rows.map(row => row[column] ?? '').filter(cell => !isMissing(cell));
  return cells.length > 0 && cells.filter(isNumber).length >= MOSTLY * cells.length;
}

const LABEL_NAMES =
  /^(label|labels|class|classes|target|species|category|kind|type|y|variety|digit|klasse|art)$/i;

const areNames = (cells: Cells): boolean => cells.some(cell => LABEL_NAMES.test(cell));

/**
 * The column that has the classes: one that is called so; the only one of words; or the first or the last, whichever is
 * not the same in all rows, as the corner of a picture is.
 * @param not columns that were found not to have them
 */
export function guessLabel(
  { columns, hasHeader }: ColumnsGuess,
  rows: readonly Cells[],
  not: ReadonlySet<number> = new Set(),
): number {
  const named = columns.findIndex(({ name }, column) => LABEL_NAMES.test(name) && !not.has(column));
  if (hasHeader && named !== -1) return named;
  const words = columns.flatMap(({ isNumeric }, column) => (isNumeric || not.has(column) ? [] : [column]));
  if (words.length > 0) return fewestValues(words, rows);
  const last = columns.length - 1;
  return new Set(rows.map(row => row[last])).size === 1 ? 0 : fewestValues([last, 0], rows);
}

/** Names of things are all different, classes are not. */
function fewestValues(columns: readonly number[], rows: readonly Cells[]): number {
  const count = (column: number): number => {
    const { size } = new Set(rows.map(row => row[column]));
    return size === 1 ? Infinity : size;
  };
  return columns.reduce((best, other) => (count(other) < count(best) ? other : best));
}

const PIXEL_NAME = /^(pixel|px|pix|p)?[ _-]?\d+(x\d+)?$/i;
/** Without names, fewer columns are no picture that anybody has. */
const LEAST_PIXELS = 49;

/** The shape of the pictures whose pixels these columns may be: a square, grey or with red, green and blue of each pixel. */
export function guessPixels(columns: readonly ColumnGuess[], hasHeader: boolean): ImageShape | undefined {
  if (!columns.every(({ isNumeric }) => isNumeric) || columns.length < LEAST_PIXELS) return undefined;
  if (hasHeader && !columns.every(({ name }) => PIXEL_NAME.test(name))) return undefined;
  for (const channels of [1, 3]) {
    const side = Math.sqrt(columns.length / channels);
    if (Number.isInteger(side)) return { height: side, width: side, channels };
  }
  return undefined;
}

/**
 * By how much pixels are multiplied: they go to 1, to 16 as UCI's digits do, or to 255. Undefined: they are no pixels.
 * @param areNamed whether their columns are called pixels. Then a number out of the range is a mistake in its row
 */
export function pixelScale(values: Iterable<number>, areNamed: boolean): number | undefined {
  let most = 0;
  for (const value of values) {
    const isPixel = value >= 0 && value <= 255;
    if (!isPixel && !areNamed) return undefined;
    if (isPixel) most = Math.max(most, value);
  }
  if (most <= 1) return 255;
  return most <= 16 ? 255 / 16 : 1;
}
