import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { tile } from './tile.ts';
import { viewAs } from './wasm-kernel.ts';

/** Hands over a float tensor repeated to the shape: the tensor itself if it has that many values, else a copy. */
export function broadcastTo<T>(
  backend: BackendWasm,
  tensor: TensorInfo,
  shape: readonly number[],
  use: (repeated: TensorInfo) => T,
): T {
  const missing = shape.length - tensor.shape.length;
  const filled = [...Array.from({ length: missing }, () => 1), ...tensor.shape];
  if (util.arraysEqual(filled, [...shape])) return use(viewAs(tensor, shape));
  const reps = shape.map((size, axis) => (filled[axis] === size ? 1 : size));
  const repeated = tile({ inputs: { x: viewAs(tensor, filled) }, attrs: { reps }, backend });
  try {
    return use(repeated);
  } finally {
    backend.disposeData(repeated.dataId);
  }
}
