/** IDX, the format of MNIST and its kin: big-endian header, then bytes (LeCun, Cortes, Burges 1998). */
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import { type Examples, findBadLabel } from './examples.ts';

const IMAGES_MAGIC = 2051;
const LABELS_MAGIC = 2049;

interface IdxOptions {
  /** Labels must be below this. */
  readonly classes?: number;
  /** The names of the two files in refusals. */
  readonly imagesName?: string;
  readonly labelsName?: string;
}

/**
 * Grey pictures of an unpacked image file (idx3) and its label file (idx1), copied. Refuses `malformed` a wrong magic
 * number, a file longer or shorter than its header says, counts that disagree, and a label that is no class.
 */
export function readIdx(
  imagesBytes: Uint8Array,
  labelsBytes: Uint8Array,
  { classes = 10, imagesName = 'images', labelsName = 'labels' }: IdxOptions = {},
): Result<Examples> {
  const images = readArray(imagesBytes, IMAGES_MAGIC, 3, imagesName);
  if (!images.ok) return images;
  const labels = readArray(labelsBytes, LABELS_MAGIC, 1, labelsName);
  if (!labels.ok) return labels;
  const [count = 0, height = 0, width = 0] = images.value.sizes;
  const [labelCount = 0] = labels.value.sizes;
  if (count !== labelCount)
    return refused(
      'malformed',
      `${imagesName} has ${count} pictures, ${labelsName} has ${labelCount} labels`,
    );
  if (height * width === 0)
    return refused('malformed', `${imagesName}: ${height} × ${width} at byte 8 is no picture`);
  const bad = findBadLabel(labels.value.data, classes);
  if (bad >= 0)
    return refused(
      'malformed',
      `${labelsName}: label ${labels.value.data[bad]} at byte ${8 + bad} is not below ${classes}`,
    );
  const shape = { height, width, channels: 1 };
  return accepted({ shape, classes, labels: labels.value.data.slice(), pixels: images.value.data.slice() });
}

interface IdxArray {
  readonly sizes: readonly number[];
  /** They share memory with the file. */
  readonly data: Uint8Array;
}

function readArray(bytes: Uint8Array, magic: number, rank: number, name: string): Result<IdxArray> {
  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes)
    return refused('malformed', `${name}: header needs ${headerBytes} bytes, found ${bytes.length}`);
  const word = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  if (word.getUint32(0) !== magic)
    return refused(
      'malformed',
      `${name}: expected magic number ${magic} at byte 0, found ${word.getUint32(0)}`,
    );
  const sizes = Array.from({ length: rank }, (_, i) => word.getUint32(4 + 4 * i));
  const expected = sizes.reduce((product, size) => product * size, 1) + headerBytes;
  if (bytes.length !== expected)
    return refused(
      'malformed',
      `${name}: header says ${expected} bytes (${sizes.join(' × ')}), found ${bytes.length}`,
    );
  return accepted({ sizes, data: bytes.subarray(headerBytes) });
}
