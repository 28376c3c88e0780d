import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addressOf, FLOAT, type Simd } from './simd-calls.ts';
import { withScratch } from './wasm-kernel.ts';

/** Zeros around every image of a batch. */
export interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A batch of images without edges: where it starts, and its steps in bytes. */
export interface PaddedImages {
  readonly start: number;
  readonly image: number;
  readonly row: number;
  readonly pixel: number;
}

/** Rows (or columns) of zeros behind the last one, so that there are as many as `needed`. */
export const zerosAfter = (needed: number, before: number, size: number): number =>
  Math.max(0, needed - before - size);

/** Hands over [n, h, w, c] with zeros around it: the tensor itself if no zeros are wanted, else a copy. */
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

/**
 * Hands over [n, h, w, c] in planes of `lanes` channels each, with zeros around it: always a copy.
 * @param lanes 4 or 8, a divisor of c
 */
export function withPlanes<T>(
  simd: Simd,
  images: TensorInfo,
  { top, left, bottom, right }: Padding,
  lanes: 4 | 8,
  use: (padded: PaddedImages, plane: number) => T,
): T {
  const [n = 0, height = 0, width = 0, channels = 0] = images.shape;
  const [paddedHeight, paddedWidth] = [top + height + bottom, left + width + right];
  const pixel = lanes * FLOAT;
  const row = paddedWidth * pixel;
  const image = paddedHeight * row;
  return withScratch(simd.backend, [n, paddedHeight, paddedWidth, channels], scratch => {
    const start = addressOf(simd, scratch);
    simd.kernels.run('splitChannels', n * paddedHeight, [
      ...[addressOf(simd, images), start, lanes, n * image, height, width, channels],
      ...[top, left, paddedHeight, paddedWidth],
    ]);
    return use({ start, image, row, pixel }, n * image);
  });
}
