/** A number as people type it, with a point or a comma. NaN if it is none. */
export function readDecimal(text: string): number {
  const typed = text.trim();
  return /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/.test(typed) ? Number(typed.replace(',', '.')) : Number.NaN;
}

/**
 * A whole number. NaN if it is none. A point or a comma in it is refused: to one reader `1.000` is one, to another a
 * thousand.
 */
export function readWhole(text: string): number {
  const typed = text.trim();
  return /^[+-]?\d+$/.test(typed) ? Number(typed) : Number.NaN;
}
