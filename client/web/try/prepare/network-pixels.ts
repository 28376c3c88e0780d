import { groundOf, type PictureStyle } from '../../../../shared/datasets/picture-style.ts';
import type { ImageShape } from '../../../../shared/protocol/part-size.ts';

/** Parts of red, green and blue in grey, of ITU-R BT.601, as data sets are imported with. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** A picture of RGBA pixels as the network takes it: height × width × channels bytes, row by row. */
export function networkPixels(rgba: Uint8ClampedArray, { height, width, channels }: ImageShape): Uint8Array {
  const pixels = new Uint8Array(height * width * channels);
  const [red, green, blue] = LUMA;
  for (let i = 0; i < height * width; i++) {
    const [r = 0, g = 0, b = 0] = rgba.subarray(4 * i, 4 * i + 3);
    if (channels === 3) pixels.set([r, g, b], 3 * i);
    else pixels.fill(Math.round(red * r + green * g + blue * b), channels * i, channels * (i + 1));
  }
  return pixels;
}

/** RGBA pixels to show a picture of the network. */
export function shownPixels(
  pixels: Uint8Array,
  { height, width, channels }: ImageShape,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * height * width);
  for (let i = 0; i < height * width; i++) {
    const at = channels * i;
    const grey = pixels[at] ?? 0;
    const colour = channels >= 3 ? pixels.subarray(at, at + 3) : [grey, grey, grey];
    rgba.set([...colour, 255], 4 * i);
  }
  return rgba;
}

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
