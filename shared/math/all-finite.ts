/** True if no value is NaN or infinite. Needs no branch for each element: 0 × x is 0 for finite x and NaN otherwise. */
export function allFinite(values: Float32Array): boolean {
  let probe = 0;
  for (let i = 0; i < values.length; i++) probe += (values[i] as number) * 0;
  return probe === 0;
}
