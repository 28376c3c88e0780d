/**
 * ‖Δ‖₂ of an update over all its tensors, added up in f64 in the order given, so the same on every platform. Cannot
 * overflow on finite f32 values; NaN or infinite where one of them is.
 */
export function updateNorm(values: readonly Float32Array[]): number {
  let squares = 0;
  for (const tensor of values)
    for (let i = 0; i < tensor.length; i++) squares += (tensor[i] as number) * (tensor[i] as number);
  return Math.sqrt(squares);
}

/** The middle value, or the mean of the two; null of none (which as a clip means: none known). */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
