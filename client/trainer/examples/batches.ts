export const range = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

/** Slices of at most `size` indices, in order, as views. */
export function* batches(indices: Uint32Array, size: number): Iterable<Uint32Array> {
  for (let start = 0; start < indices.length; start += size) yield indices.subarray(start, start + size);
}
