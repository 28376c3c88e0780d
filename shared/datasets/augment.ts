import { createRandom, randomInteger } from '../math/random.ts';
import { type ImageShape, pixelsPerImage } from '../protocol/part-size.ts';

/** Zeros on each side of a picture, out of which one of its own size is cut. */
const PADDING = 4;
/** Places of a crop along a side. */
const PLACES = 2 * PADDING + 1;

/** How each of so many pictures is changed: one of all flips and crops, a byte each. */
export type Changes = Uint8Array;

/**
 * Draws a change a picture, flipped with probability ½, every crop as likely: the augmentation usual for CIFAR (He et
 * al., arXiv 1512.03385, 4.2). The same on every machine for the same seed.
 */
export function drawChanges(count: number, ...seed: readonly (string | number)[]): Changes {
  const random = createRandom('augment', ...seed);
  return Uint8Array.from({ length: count }, () => randomInteger(random, 2 * PLACES * PLACES));
}

/** A picture within pixels NHWC, or a row of one, by the place of its first byte. */
interface Picture {
  readonly pixels: Uint8Array;
  readonly at: number;
}

/**
 * Writes a picture to where zeros are, changed: cut out of itself with zeros around, then flipped left to right.
 * @param change of `drawChanges`
 */
function writeChanged(from: Picture, to: Picture, shape: ImageShape, change: number): void {
  const { height, width, channels } = shape;
  const isFlipped = change >= PLACES * PLACES;
  const down = (Math.floor(change / PLACES) % PLACES) - PADDING;
  const right = (change % PLACES) - PADDING;
  // What of the picture is in the crop; the rest are the zeros around.
  const columns = width - Math.abs(right);
  if (columns <= 0) return;
  const first = Math.max(0, right) * channels;
  const into = Math.max(0, isFlipped ? right : -right) * channels;
  const row = width * channels;
  const write = isFlipped ? writeFlipped : writeRun;
  for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
    const source = { pixels: from.pixels, at: from.at + (y + down) * row + first };
    write(source, { pixels: to.pixels, at: to.at + y * row + into }, columns, channels);
  }
}

function writeRun(from: Picture, to: Picture, columns: number, channels: number): void {
  to.pixels.set(from.pixels.subarray(from.at, from.at + columns * channels), to.at);
}

/** The last pixel first. */
function writeFlipped(from: Picture, to: Picture, columns: number, channels: number): void {
  const end = to.at + columns * channels;
  for (let channel = 0; channel < channels; channel++) {
    let at = from.at + (columns - 1) * channels + channel;
    for (let into = to.at + channel; into < end; into += channels, at -= channels)
      to.pixels[into] = from.pixels[at] as number;
  }
}

/** The pictures at `indices` one after another, changed where there are changes (one a picture of `pixels`). */
export function gatherPictures(
  pixels: Uint8Array,
  shape: ImageShape,
  indices: Uint32Array,
  changes: Changes | null,
): Uint8Array {
  const size = pixelsPerImage(shape);
  const gathered = new Uint8Array(indices.length * size);
  for (const [row, index] of indices.entries()) {
    const [at, to] = [index * size, row * size];
    if (changes) writeChanged({ pixels, at }, { pixels: gathered, at: to }, shape, changes[index] as number);
    else gathered.set(pixels.subarray(at, at + size), to);
  }
  return gathered;
}
