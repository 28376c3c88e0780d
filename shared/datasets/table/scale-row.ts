/** Makes bytes of a table's numbers, because examples are kept as bytes. */
import type { Column } from '../../protocol/dataset.ts';

/** Beyond four standard deviations is what was mistyped or broken. It must not press all others into a few bytes. */
const DEVIATIONS = 4;

/**
 * The range of each column among these rows: from the least to the most, but at most four standard deviations from the mean.
 * Only rows that are trained on are given here, so that nothing is known of the test rows.
 */
export function fitColumns(names: readonly string[], rows: readonly Float64Array[]): Column[] {
  return names.map((name, column) => {
    const values = rows.map(row => row[column] as number);
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
    const reach = DEVIATIONS * Math.sqrt(variance);
    const least = Math.max(lowest(values), mean - reach);
    const most = Math.min(-lowest(values.map(value => -value)), mean + reach);
    // A column of one value tells nothing; any range will do that has the value in it.
    return least < most ? { name, least, most } : { name, least, most: least + Math.max(1, Math.abs(least)) };
  });
}

const lowest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);

/** A byte for each value: 0 for `least` and below, 255 for `most` and above. */
export const scaleRow = (columns: readonly Column[], values: ArrayLike<number>): Uint8Array =>
  Uint8Array.from(columns, ({ least, most }, i) =>
    Math.round(255 * Math.min(1, Math.max(0, ((values[i] as number) - least) / (most - least)))),
  );
