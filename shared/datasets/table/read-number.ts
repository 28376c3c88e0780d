/** Reads a cell as a number. Undefined: it is none. */
export type ReadNumber = (cell: string) => number | undefined;

const WITH_POINT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WITH_COMMA = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d*)?(e[+-]?\d+)?$/i;
/** A number that can only have a decimal comma. */
const HAS_COMMA = /^[+-]?[\d.]*\d,\d+$/;
const HAS_POINT = /^[+-]?\d*\.\d+$/;

/** What people and programs write if there is no value. */
export const isMissing = (cell: string): boolean => /^(|na|n\/a|nan|null|none|\?|-)$/i.test(cell);

/** With a decimal point, as programs write it. */
export const withPoint: ReadNumber = cell => (WITH_POINT.test(cell) ? Number(cell) : undefined);

const withComma: ReadNumber = cell =>
  WITH_COMMA.test(cell) ? Number(cell.replaceAll('.', '').replace(',', '.')) : undefined;

/**
 * How numbers are written in these cells: with a decimal point, or with a decimal comma and points between thousands. In
 * a text whose columns are divided by commas there is no decimal comma.
 */
export function numberStyle(cells: Iterable<string>, delimiter: string): ReadNumber {
  if (delimiter === ',') return withPoint;
  let hasComma = false;
  for (const cell of cells) {
    hasComma ||= HAS_COMMA.test(cell);
    if (HAS_POINT.test(cell) && !WITH_COMMA.test(cell)) return withPoint;
  }
  return hasComma ? withComma : withPoint;
}
