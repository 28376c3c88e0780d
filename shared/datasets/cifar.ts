/** The binary versions of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of labels and three planes of 32 × 32. */

import type { ImageShape } from '../protocol/part-size.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import type { Examples } from './examples.ts';

export const CIFAR_SHAPE: ImageShape = { height: 32, width: 32, channels: 3 };
const PLANE_BYTES = 32 * 32;
const PIXEL_BYTES = 3 * PLANE_BYTES;

/** The labels at the head of a record, a byte each: how many classes each tells apart. */
type Labels = readonly number[];
const CIFAR_10: Labels = [10];
/** 20 coarse classes, then 100 fine ones. */
const CIFAR_100: Labels = [20, 100];

/**
 * All records of one unpacked batch file, their planes woven into NHWC. Refused as `malformed`: an empty file, one that
 * ends within a record, a label above 9. `name` is the file's name in refusals.
 */
export const readCifar10 = (bytes: Uint8Array, name: string): Result<Examples> =>
  readRecords(bytes, name, CIFAR_10, 0);

/** As `readCifar10`, of `train.bin` or `test.bin`, by their 100 fine labels or their 20 coarse ones. */
export const readCifar100 = (
  bytes: Uint8Array,
  name: string,
  labels: 'fine' | 'coarse' = 'fine',
): Result<Examples> => readRecords(bytes, name, CIFAR_100, labels === 'fine' ? 1 : 0);

/** Takes the label that stands at `wanted` in each record. */
function readRecords(bytes: Uint8Array, name: string, heads: Labels, wanted: number): Result<Examples> {
  const recordBytes = heads.length + PIXEL_BYTES;
  const count = Math.floor(bytes.length / recordBytes);
  const rest = bytes.length % recordBytes;
  if (count === 0 || rest > 0) return refused('malformed', describeLength(bytes.length, name, heads));
  for (const [at, classes] of heads.entries())
    for (let i = at; i < bytes.length; i += recordBytes)
      if ((bytes[i] as number) >= classes)
        return refused('malformed', `${name}: label ${bytes[i]} at byte ${i} is not below ${classes}`);
  const labels = Uint8Array.from({ length: count }, (_, i) => bytes[i * recordBytes + wanted] as number);
  const pixels = weavePlanes(bytes, count, heads.length);
  return accepted({ shape: CIFAR_SHAPE, classes: heads[wanted] as number, labels, pixels });
}

function describeLength(length: number, name: string, heads: Labels): string {
  const recordBytes = heads.length + PIXEL_BYTES;
  const [other, otherBytes] =
    heads === CIFAR_10 ? ['CIFAR-100', 2 + PIXEL_BYTES] : ['CIFAR-10', 1 + PIXEL_BYTES];
  if (length > 0 && length % otherBytes === 0)
    return `${name} holds records of ${otherBytes} bytes, which are ${other}'s: ${recordBytes} were expected`;
  return (
    `${name}: expected a positive multiple of ${recordBytes} bytes, found ${length}: ` +
    `${Math.floor(length / recordBytes)} whole records and ${length % recordBytes} bytes of another`
  );
}

function weavePlanes(bytes: Uint8Array, count: number, headBytes: number): Uint8Array {
  const pixels = new Uint8Array(count * PIXEL_BYTES);
  for (let i = 0; i < count; i++) {
    const from = i * (headBytes + PIXEL_BYTES) + headBytes;
    const to = i * PIXEL_BYTES;
    for (let at = 0; at < PLANE_BYTES; at++)
      for (let channel = 0; channel < 3; channel++)
        pixels[to + at * 3 + channel] = bytes[from + channel * PLANE_BYTES + at] as number;
  }
  return pixels;
}
