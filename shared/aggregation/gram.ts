/**
 * The inner products of n updates: n × n numbers of a round whose updates do not fit in memory together. Norms, angles
 * and distances follow from them, and so do those of every weighted mean of the updates.
 */
export interface Gram {
  readonly size: number;
  /** Row by row. Both triangles are filled. */
  readonly products: Float64Array;
}

export const emptyGram = (size: number): Gram => ({ size, products: new Float64Array(size * size) });

export const productOf = ({ size, products }: Gram, i: number, j: number): number =>
  products[i * size + j] ?? Number.NaN;

export const normOf = (gram: Gram, i: number): number => Math.sqrt(productOf(gram, i, i));

/** ‖Δi − Δj‖². Never below zero: of updates that are nearly alike, rounding would make it so. */
export const squaredDistance = (gram: Gram, i: number, j: number): number =>
  Math.max(0, productOf(gram, i, i) + productOf(gram, j, j) - 2 * productOf(gram, i, j));

/** Which products are wanted beside those of each update with itself: all, or those with one update, or none. */
export type WantedProducts = 'all' | 'none' | { readonly with: number };

/** How many products are made for each coordinate of so many updates. */
export const countProducts = (size: number, wanted: WantedProducts): number =>
  wanted === 'all' ? size ** 2 / 2 : wanted === 'none' ? size : 2 * size;

/**
 * Adds the products of the next coordinates. Each product has one sum, to which coordinates are added in their order. So
 * it is the same to the bit however the coordinates are cut, in whatever order the updates stand, and whichever others are
 * wanted. A product that is not wanted stays zero.
 * @param rows the same coordinates of each update
 */
export function addProducts(
  { size, products }: Gram,
  rows: readonly Float32Array[],
  wanted: WantedProducts = 'all',
): void {
  for (let i = 0; i < size; i++) {
    const row = rows[i];
    if (!row) throw new Error(`${rows.length} updates for a Gram matrix of ${size}`);
    const columns = columnsOf(i, size, wanted);
    const own = products.subarray(i * size, (i + 1) * size);
    // Four sums at once: one after another, each addition would wait for the one before.
    for (let at = 0; at < columns.length; at += 4) addFour(own, columns.slice(at, at + 4), row, rows);
  }
}

/** Those of the upper triangle that are wanted of a row. */
function columnsOf(i: number, size: number, wanted: WantedProducts): number[] {
  if (wanted === 'all' || (wanted !== 'none' && wanted.with === i))
    return Array.from({ length: size - i }, (_, n) => i + n);
  return wanted !== 'none' && wanted.with > i ? [i, wanted.with] : [i];
}

function addFour(
  products: Float64Array,
  columns: readonly number[],
  row: Float32Array,
  rows: readonly Float32Array[],
): void {
  const [a = row, b = a, c = a, d = a] = columns.map(column => rows[column] ?? row);
  const sums = columns.map(column => products[column] ?? 0);
  let [sumA = 0, sumB = 0, sumC = 0, sumD = 0] = sums;
  for (let k = 0; k < row.length; k++) {
    const value = row[k] as number;
    sumA += value * (a[k] as number);
    sumB += value * (b[k] as number);
    sumC += value * (c[k] as number);
    sumD += value * (d[k] as number);
  }
  const added = [sumA, sumB, sumC, sumD];
  for (const [n, column] of columns.entries()) products[column] = added[n] ?? 0;
}

/** Adds the products of other coordinates. */
export function addGram(gram: Gram, other: Gram): void {
  for (let i = 0; i < gram.products.length; i++)
    gram.products[i] = (gram.products[i] as number) + (other.products[i] as number);
}

/** The inner products of the same updates, each multiplied by its own factor. */
export const scaledGram = ({ size, products }: Gram, factors: readonly number[]): Gram => ({
  size,
  products: products.map(
    (product, at) => product * (factors[Math.floor(at / size)] ?? 1) * (factors[at % size] ?? 1),
  ),
});

/** The lower triangle is the upper one's mirror. */
export function mirror({ size, products }: Gram): void {
  for (let i = 0; i < size; i++)
    for (let j = i + 1; j < size; j++) products[j * size + i] = products[i * size + j] as number;
}
