/**
 * The value below which a share of the values lies: the first one behind floor(share · count) others. It is one of the
 * values and never a mean of two, so whoever holds fewer values than the share cannot move it beyond the others'.
 * Null of none.
 * @param share from 0 to below 1
 */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? null;
}
