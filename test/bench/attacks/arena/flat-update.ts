/** An update as one array, which attacks compute with, and its tensors again. */

export function flatten(tensors: readonly Float32Array[]): Float32Array {
  const flat = new Float32Array(tensors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const tensor of tensors) {
    flat.set(tensor, at);
    at += tensor.length;
  }
  return flat;
}

/** @param lengths of the tensors, which the array is cut into */
export function cutTensors(flat: Float32Array, lengths: readonly number[]): Float32Array[] {
  let at = 0;
  return lengths.map(length => {
    at += length;
    return flat.subarray(at - length, at);
  });
}
