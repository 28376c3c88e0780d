import { createRandom, randomInteger } from '../math/random.ts';
import { type ImageShape, pixelsPerImage } from '../protocol/part-size.ts';

/** Zeros that are added on each side of a picture. A crop of the picture's own size is cut out of that. */
const PADDING = 4;
/** How many places a crop can have along a side. */
const PLACES = 2 * PADDING + 1;

/** How each of some pictures is changed. A byte a picture stands for one of all flips and crops. */
export type Changes = Uint8Array;

/**
 * Draws a change for each picture: a flip with probability ½, and a crop, all crops as likely. This is the usual
 * augmentation for CIFAR (He et al., arXiv 1512.03385, 4.2). The same seed gives the same changes on every machine.
 */
export function drawChanges(count: number, ...seed: readonly (string | number)[]): Changes {
  const random = createRandom('augment', ...seed);
  return Uint8Array.from({ length: count }, () => randomInteger(random, 2 * PLACES * PLACES));
}

/** A picture, or a row of one, within pixels NHWC: `at` is the place of its first byte. */
interface Picture {
  readonly pixels: Uint8Array;
  readonly at: number;
}

/**
 * Writes a changed picture to a place of zeros: cropped out of itself with zeros around, then flipped left to right.
 * @param change of `drawChanges`
 */
function writeChanged(from: Picture, to: Picture, shape: ImageShape, change: number): void {
  const { height, width, channels } = shape;
  const isFlipped = change >= PLACES * PLACES;
  const down = (Math.floor(change / PLACES) % PLACES) - PADDING;
  const right = (change % PLACES) - PADDING;
  // Columns of the picture that are in the crop. The other columns of the crop are the zeros around it.
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

/** The pictures at `indices` one after another, changed if there are changes (one for each picture of `pixels`). */
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
