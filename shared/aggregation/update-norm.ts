/**
 * ‖Δ‖₂ of an update over all its tensors. It is added up in f64 in the order given, so it is the same on every
 * platform. It cannot overflow on finite f32 values. It is NaN or infinite if one of them is.
 */
export const updateNorm = (values: readonly Float32Array[]): number =>
  Math.sqrt(values.reduce(addSquares, 0));

/** The sum of squares, with those of more values. It is the same however the values are cut. */
export function addSquares(squares: number, values: Float32Array): number {
  let sum = squares;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (values[i] as number);
  return sum;
}
