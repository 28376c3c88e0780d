/** Pictures as a dense network takes them: a row of values in [0, 1] for each. */
export interface LabelledRows {
  readonly inputs: Float32Array;
  readonly labels: Uint8Array;
  /** Values of a row. */
  readonly size: number;
}

/** A copy of the rows at these places, in their order. */
export function selectRows({ inputs, labels, size }: LabelledRows, places: readonly number[]): LabelledRows {
  const selected = new Float32Array(places.length * size);
  for (const [to, from] of places.entries())
    selected.set(inputs.subarray(from * size, (from + 1) * size), to * size);
  return { inputs: selected, labels: Uint8Array.from(places, from => labels[from] ?? 0), size };
}
