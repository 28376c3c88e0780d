/**
 * A part: the unit in which a data set is stored and leased, self-contained, about 1 MB at most.
 *
 * | offset | bytes | |
 * | --- | --- | --- |
 * | 0 | 4 | magic `HRPT` |
 * | 4 | 1 | format version, 1 |
 * | 5 | 1 | channels |
 * | 6, 8 | 2, 2 | height, width |
 * | 10 | 2 | classes, at most 256 |
 * | 12 | 4 | count |
 * | 16 | count | labels, a byte each |
 * | 16 + count | count × height × width × channels | pixels, NHWC |
 *
 * Numbers are little-endian.
 */
import { dataViewOf } from '../math/bytes.ts';
import {
  type ImageShape,
  MAX_CLASSES,
  PART_HEADER_BYTES,
  partBytes,
  pixelsPerImage,
} from '../protocol/part-size.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import { type Examples, findBadLabel } from './examples.ts';

const MAGIC = 0x54505248; // 'HRPT' read as a little-endian word
const VERSION = 1;

interface Header {
  readonly shape: ImageShape;
  readonly classes: number;
  readonly count: number;
}

/** Throws RangeError if the examples contradict themselves: that is a bug of the caller, not bad input. */
export function encodePart(examples: Examples): Uint8Array {
  const { shape, classes, labels, pixels } = examples;
  const problem = findHeaderProblem({ shape, classes, count: labels.length });
  if (problem) throw new RangeError(problem);
  if (pixels.length !== labels.length * pixelsPerImage(shape))
    throw new RangeError('pixels and labels disagree');
  if (findBadLabel(labels, classes) >= 0) throw new RangeError(`a label is not below ${classes}`);
  const bytes = new Uint8Array(partBytes(shape, labels.length));
  writeHeader(bytes, { shape, classes, count: labels.length });
  bytes.set(labels, PART_HEADER_BYTES);
  bytes.set(pixels, PART_HEADER_BYTES + labels.length);
  return bytes;
}

/**
 * Copies of what the part holds. Nothing is allocated before the header agrees with the actual number of bytes. Refused
 * as `malformed`, with what is wrong and where.
 */
export function decodePart(bytes: Uint8Array): Result<Examples> {
  if (bytes.length < PART_HEADER_BYTES)
    return refused(
      'malformed',
      `part of ${bytes.length} bytes is shorter than its ${PART_HEADER_BYTES}-byte header`,
    );
  const word = dataViewOf(bytes);
  if (word.getUint32(0, true) !== MAGIC) return refused('malformed', 'part does not begin with HRPT');
  if (word.getUint8(4) !== VERSION)
    return refused('malformed', `part version ${word.getUint8(4)} is unknown`);
  const header = readHeader(word);
  const problem = findHeaderProblem(header);
  if (problem) return refused('malformed', `part: ${problem}`);
  const expected = partBytes(header.shape, header.count);
  if (bytes.length !== expected)
    return refused(
      'malformed',
      `part of ${header.count} examples needs ${expected} bytes, has ${bytes.length}`,
    );
  return decodeBody(bytes, header);
}

function decodeBody(bytes: Uint8Array, { shape, classes, count }: Header): Result<Examples> {
  const pixelsAt = PART_HEADER_BYTES + count;
  const labels = bytes.slice(PART_HEADER_BYTES, pixelsAt);
  const bad = findBadLabel(labels, classes);
  if (bad >= 0)
    return refused('malformed', `part: label ${labels[bad]} of example ${bad} is not below ${classes}`);
  return accepted({ shape, classes, labels, pixels: bytes.slice(pixelsAt) });
}

function readHeader(word: DataView): Header {
  return {
    shape: { height: word.getUint16(6, true), width: word.getUint16(8, true), channels: word.getUint8(5) },
    classes: word.getUint16(10, true),
    count: word.getUint32(12, true),
  };
}

function writeHeader(bytes: Uint8Array, { shape, classes, count }: Header): void {
  const word = dataViewOf(bytes);
  word.setUint32(0, MAGIC, true);
  word.setUint8(4, VERSION);
  word.setUint8(5, shape.channels);
  word.setUint16(6, shape.height, true);
  word.setUint16(8, shape.width, true);
  word.setUint16(10, classes, true);
  word.setUint32(12, count, true);
}

function findHeaderProblem({ shape, classes, count }: Header): string | undefined {
  const { height, width, channels } = shape;
  if (!isBetween(height, 1, 0xffff) || !isBetween(width, 1, 0xffff) || !isBetween(channels, 1, 0xff))
    return `${height} × ${width} × ${channels} is no picture`;
  if (!isBetween(classes, 1, MAX_CLASSES)) return `${classes} classes`;
  return isBetween(count, 0, 0xffffffff) ? undefined : `${count} examples`;
}

const isBetween = (value: number, low: number, high: number): boolean =>
  Number.isInteger(value) && value >= low && value <= high;
