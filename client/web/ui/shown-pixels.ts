import type { ImageShape } from '../../../shared/protocol/part-size.ts';

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
