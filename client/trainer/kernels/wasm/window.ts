/** Half-open range of output positions. */
interface OutputRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The output positions along one axis at which a filter tap `tapOffset` cells into the window falls inside the input,
 * not on the padding: those with 0 <= position * stride - padBefore + tapOffset < inputSize.
 */
export function outputsInside(
  outputSize: number,
  inputSize: number,
  stride: number,
  padBefore: number,
  tapOffset: number,
): OutputRange {
  const start = Math.max(0, Math.ceil((padBefore - tapOffset) / stride));
  const end = Math.min(outputSize, Math.ceil((inputSize + padBefore - tapOffset) / stride));
  return { start, end: Math.max(start, end) };
}
