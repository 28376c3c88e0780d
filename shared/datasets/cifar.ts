/** The binary version of CIFAR-10 (Krizhevsky 2009): records of a label byte and three planes of 32 × 32. */

import type { ImageShape } from '../protocol/part-size.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import type { Examples } from './examples.ts';

export const CIFAR_SHAPE: ImageShape = { height: 32, width: 32, channels: 3 };
const PLANE_BYTES = 32 * 32;
const RECORD_BYTES = 1 + 3 * PLANE_BYTES;
const CLASSES = 10;

/**
 * All records of one unpacked batch file, their planes woven into NHWC. Refused as `malformed`: an empty file, one that
 * ends within a record, a label above 9. `name` is the file's name in refusals.
 */
export function readCifar10(bytes: Uint8Array, name: string): Result<Examples> {
  const count = Math.floor(bytes.length / RECORD_BYTES);
  const rest = bytes.length % RECORD_BYTES;
  if (count === 0 || rest > 0)
    return refused(
      'malformed',
      `${name}: expected a positive multiple of ${RECORD_BYTES} bytes, found ${bytes.length}: ` +
        `${count} whole records and ${rest} bytes of another`,
    );
  const labels = Uint8Array.from({ length: count }, (_, i) => bytes[i * RECORD_BYTES] as number);
  const bad = labels.findIndex(label => label >= CLASSES);
  if (bad >= 0)
    return refused(
      'malformed',
      `${name}: label ${labels[bad]} at byte ${bad * RECORD_BYTES} is not below ${CLASSES}`,
    );
  return accepted({ shape: CIFAR_SHAPE, classes: CLASSES, labels, pixels: weavePlanes(bytes, count) });
}

function weavePlanes(bytes: Uint8Array, count: number): Uint8Array {
  const pixels = new Uint8Array(count * 3 * PLANE_BYTES);
  for (let i = 0; i < count; i++) {
    const from = i * RECORD_BYTES + 1;
    const to = i * 3 * PLANE_BYTES;
    for (let at = 0; at < PLANE_BYTES; at++)
      for (let channel = 0; channel < 3; channel++)
        pixels[to + at * 3 + channel] = bytes[from + channel * PLANE_BYTES + at] as number;
  }
  return pixels;
}
