/** More updates than a round has. A key has room for a rank below it. */
const RANKS = 1_024;

/**
 * Of each coordinate the weighed mean of the values without the largest and the smallest ones. Equal values are told apart
 * by their weights, so the order of the updates changes no bit.
 * @param rows the same coordinates of each update
 * @param trim how many are left out at each end: fewer than half
 * @param means takes them: as long as a row
 */
export function trimmedValues(
  rows: readonly Float32Array[],
  weights: readonly number[],
  trim: number,
  means: Float64Array = new Float64Array(rows[0]?.length ?? 0),
): Float64Array {
  const count = rows.length;
  if (2 * trim >= count || count > RANKS)
    throw new Error(`${trim} of ${count} values cannot be left out twice`);
  const order = weights.map((weight, i) => ({ weight, i })).sort((a, b) => a.weight - b.weight);
  const ranked = order.map(({ i }) => rows[i] as Float32Array);
  const bits = ranked.map(row => new Uint32Array(row.buffer, row.byteOffset, row.length));
  const keys = new Float64Array(count);
  for (let k = 0; k < means.length; k++) {
    for (let rank = 0; rank < count; rank++)
      keys[rank] = sortable((bits[rank] as Uint32Array)[k] as number) * RANKS + rank;
    sort(keys);
    let [sum, weight, value] = [0, 0, 0];
    for (let i = trim; i < count - trim; i++) {
      const rank = (keys[i] as number) % RANKS;
      value = (ranked[rank] as Float32Array)[k] as number;
      const own = order[rank]?.weight ?? 0;
      sum += own * value;
      weight += own;
    }
    // Of one value the quotient could be another number.
    means[k] = count - 2 * trim === 1 || weight === 0 ? value : sum / weight;
  }
  return means;
}

/** The bits of a float as a number that grows with it. */
const sortable = (bits: number): number => (bits >= 0x80000000 ? 0xffffffff - bits : bits + 0x80000000);

/** Of a few keys, to insert each in its place is quicker than a call. */
const FEW = 24;

function sort(keys: Float64Array): void {
  if (keys.length > FEW) {
    keys.sort();
    return;
  }
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as number;
    let j = i - 1;
    for (; j >= 0 && (keys[j] as number) > key; j--) keys[j + 1] = keys[j] as number;
    keys[j + 1] = key;
  }
}
