/** The few statistics of a comparison: means, spreads and paired differences of small samples. */

export interface Spread {
  readonly count: number;
  /** NaN if there are no values. */
  readonly mean: number;
  /** Of the sample, n − 1; NaN if there are fewer than two values. */
  readonly deviation: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  const mean = sum(values) / count;
  const squares = sum(values.map(value => (value - mean) ** 2));
  return { count, mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : Number.NaN };
}

export interface Difference {
  readonly pairs: number;
  readonly mean: number;
  /** Half of the 95 % interval; NaN if there are fewer than two pairs. */
  readonly margin: number;
}

/**
 * The mean of b − a at equal keys, with its 95 % interval by Student's t. The same seed makes a pair, so that what
 * seeds have in common cancels out. Null if no key is in both.
 */
export function pairedDifference(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
): Difference | null {
  const differences = [...b].flatMap(([seed, value]) => {
    const other = a.get(seed);
    return other === undefined ? [] : [value - other];
  });
  if (differences.length === 0) return null;
  const { count, mean, deviation } = spreadOf(differences);
  return { pairs: count, mean, margin: (tQuantile(count - 1) * deviation) / Math.sqrt(count) };
}

/** Student's t, two-sided 95 %, by degrees of freedom from 1. Source: any table; here to three digits. */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
/** The value of the normal distribution, which t approaches. */
const Z_975 = 1.959964;

/** The value below which |t| stays in 95 % of samples; NaN below one degree of freedom. */
export function tQuantile(freedom: number): number {
  if (freedom < 1) return Number.NaN;
  // The first terms of Fisher's expansion in 1/freedom, right to three digits beyond the table.
  const z = Z_975;
  return (
    T_975[freedom - 1] ??
    z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
