/**
 * ‖Δ‖₂ of an update over all its tensors. It is added up in f64 in the order given, so it is the same on every
 * platform. It cannot overflow on finite f32 values. It is NaN or infinite if one of them is.
 */
export function updateNorm(values: readonly Float32Array[]): number {
  let squares = 0;
  for (const tensor of values)
    for (let i = 0; i < tensor.length; i++) squares += (tensor[i] as number) * (tensor[i] as number);
  return Math.sqrt(squares);
}
