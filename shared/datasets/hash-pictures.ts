/** Finds pictures that are there more than once. */
import { dataViewOf } from '../math/bytes.ts';
import { pixelsPerImage } from '../protocol/part-size.ts';
import type { LabelledPictures } from './examples.ts';

/** 53 bits, so that two of a million different pictures share a hash once in 20,000 data sets. */
type PictureHash = number;

/**
 * A hash of each picture with its label: the same pixels under another label are another example. Two lanes of
 * MurmurHash3 (Appleby 2011) hash 184 MB in a fifth of a second. SHA-256 would take seconds, and nobody gains by a
 * collision.
 */
export function hashPictures({ shape, pixels, labels }: LabelledPictures): Float64Array {
  const size = pixelsPerImage(shape);
  const view = dataViewOf(pixels);
  return Float64Array.from(labels, (label, i) => hashBytes(view, i * size, (i + 1) * size, label));
}

/** How many of these were there before, in `seen` or among themselves. Afterwards all are in `seen`. */
export function countRepeats(hashes: Float64Array, seen: Set<PictureHash>): number {
  const before = seen.size;
  for (const hash of hashes) seen.add(hash);
  return hashes.length - (seen.size - before);
}

function hashBytes(view: DataView, from: number, to: number, seed: number): PictureHash {
  let [a, b] = [seed, seed];
  const whole = to - ((to - from) % 4);
  for (let at = from; at < whole; at += 4) {
    const word = view.getInt32(at);
    a = stir(a, word, 0xcc9e2d51, 0x1b873593);
    b = stir(b, word, 0x239b961b, 0xab0e9789);
  }
  for (let at = whole; at < to; at++) {
    a = stir(a, view.getUint8(at), 0xcc9e2d51, 0x1b873593);
    b = stir(b, view.getUint8(at), 0x239b961b, 0xab0e9789);
  }
  return (finish(a) >>> 0) * 2 ** 21 + (finish(b) >>> 11);
}

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

function stir(hash: number, word: number, first: number, second: number): number {
  const mixed = hash ^ Math.imul(rotate(Math.imul(word, first), 15), second);
  return (Math.imul(rotate(mixed, 13), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
