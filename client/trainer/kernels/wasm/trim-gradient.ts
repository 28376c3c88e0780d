import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ConvInfo } from './conv-info.ts';
import { slice } from './slice.ts';

/** Whether dy has the size of the convolution's output. */
export const isFitting = ({ shape }: TensorInfo, { outHeight, outWidth }: ConvInfo): boolean =>
  shape[1] === outHeight && shape[2] === outWidth;

/**
 * Runs `use` with the corner of dy that has the size of the convolution's output.
 * @throws if dy is smaller
 */
export function withCorner(
  backend: BackendWasm,
  dy: TensorInfo,
  { outShape }: ConvInfo,
  use: (corner: TensorInfo) => TensorInfo,
): TensorInfo {
  const corner = slice({ inputs: { x: dy }, attrs: { begin: [0, 0, 0, 0], size: outShape }, backend });
  try {
    return use(corner);
  } finally {
    backend.disposeData(corner.dataId);
  }
}
