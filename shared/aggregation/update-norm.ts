/**
 * ‖Δ‖₂ of an update over all its tensors, added up in f64 in the order given, so the same on every platform. Cannot
 * overflow on finite f32 values; NaN or infinite if one of them is.
 */
export function updateNorm(values: readonly Float32Array[]): number {
  let squares = 0;
  for (const tensor of values)
    for (let i = 0; i < tensor.length; i++) squares += (tensor[i] as number) * (tensor[i] as number);
  return Math.sqrt(squares);
}
