import { groundOf, type PictureStyle } from '../../../../shared/datasets/picture-style.ts';
import type { ImageShape } from '../../../../shared/protocol/part-size.ts';

/**
 * A photograph of a drawing, made like the pictures of the data set: dark and light change places if its ground is the other
 * one, and its darkest becomes black and its lightest white. Pictures without an even ground stay as they are.
 */
export function withGround(pixels: Uint8Array, style: PictureStyle, shape: ImageShape): Uint8Array {
  if (style.ground === null || shape.channels !== 1) return pixels;
  const found = groundOf(pixels, shape);
  if (found === null) return pixels;
  const turned = found === style.ground ? pixels : pixels.map(value => 255 - value);
  const sorted = turned.toSorted();
  const [low, high] = [at(sorted, 0.05), at(sorted, 0.99)];
  if (high - low < LEAST_CONTRAST) return turned;
  return turned.map(value => Math.max(0, Math.min(255, (255 * (value - low)) / (high - low))));
}

/** With less, there is nothing to see, and noise must not become strokes. */
const LEAST_CONTRAST = 40;

const at = (sorted: Uint8Array, share: number): number =>
  sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
