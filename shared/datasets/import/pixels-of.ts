import type { ImageShape } from '../../protocol/part-size.ts';

/** Parts of red, green and blue in grey, of ITU-R BT.601, which JPEG and other programs go by. */
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114] as const;

/**
 * A picture as the network takes it: height × width × channels bytes, row by row. Three channels are red, green and blue,
 * and any others are grey. Whoever imports and whoever tries a network asks here, so that it sees both alike.
 * @param samples red, green, blue and whatever follows them, of each pixel
 * @param each how many bytes a pixel has there
 */
export function pixelsOf(
  samples: Uint8Array | Uint8ClampedArray,
  each: 3 | 4,
  { height, width, channels }: ImageShape,
): Uint8Array {
  const pixels = new Uint8Array(height * width * channels);
  for (let from = 0, to = 0; to < pixels.length; from += each, to += channels) {
    const [r, g, b] = [samples[from] as number, samples[from + 1] as number, samples[from + 2] as number];
    if (channels === 3) {
      pixels[to] = r;
      pixels[to + 1] = g;
      pixels[to + 2] = b;
    } else pixels.fill(Math.round(RED * r + GREEN * g + BLUE * b), to, to + channels);
  }
  return pixels;
}
