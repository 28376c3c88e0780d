import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addressOf, FLOAT, type Simd } from './simd-calls.ts';
import { withScratch } from './wasm-kernel.ts';

/** Zeros around every image of a batch. */
interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A batch of images without edges: where it starts and its steps in bytes. */
export interface PaddedImages {
  readonly start: number;
  readonly image: number;
  readonly row: number;
  readonly pixel: number;
}

/** Rows (or columns) of zeros after the last so that `needed` are there. */
export const zerosAfter = (needed: number, before: number, size: number): number =>
  Math.max(0, needed - before - size);

/** Hands over [n, h, w, c] with zeros around it: the tensor itself where none are wanted, else a copy. */
export function withPadded<T>(
  simd: Simd,
  images: TensorInfo,
  { top, left, bottom, right }: Padding,
  use: (padded: PaddedImages) => T,
): T {
  const [n = 0, height = 0, width = 0, channels = 0] = images.shape;
  const [paddedHeight, paddedWidth] = [top + height + bottom, left + width + right];
  const pixel = channels * FLOAT;
  const row = paddedWidth * pixel;
  const steps = { image: paddedHeight * row, row, pixel };
  if (paddedHeight === height && paddedWidth === width)
    return use({ start: addressOf(simd, images), ...steps });
  return withScratch(simd.backend, [n, paddedHeight, paddedWidth, channels], scratch => {
    const start = addressOf(simd, scratch);
    simd.kernels.run('padImages', n * paddedHeight, [
      ...[addressOf(simd, images), start, height, width, pixel, top, left, paddedHeight, paddedWidth],
    ]);
    return use({ start, ...steps });
  });
}
