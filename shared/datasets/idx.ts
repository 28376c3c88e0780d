/**
 * IDX, the format of MNIST and its kin (LeCun, Cortes, Burges 1998): two zero bytes, a byte for the type of the numbers,
 * a byte for how many sizes there are, the sizes, then the numbers. All are big-endian.
 */
import { dataViewOf } from '../math/bytes.ts';
import { MAX_CLASSES } from '../protocol/part-size.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import type { Pictures } from './examples.ts';

type ReadNumber = (view: DataView, at: number) => number;

interface NumberType {
  readonly name: string;
  readonly bytes: number;
  /** Left out if labels cannot be of this type. */
  readonly read?: ReadNumber;
}

const UNSIGNED_BYTE = 0x08;

const types: Readonly<Record<number, NumberType>> = {
  [UNSIGNED_BYTE]: { name: 'unsigned bytes', bytes: 1, read: (view, at) => view.getUint8(at) },
  9: { name: 'signed bytes', bytes: 1, read: (view, at) => view.getInt8(at) },
  11: { name: '16-bit integers', bytes: 2, read: (view, at) => view.getInt16(at) },
  12: { name: '32-bit integers', bytes: 4, read: (view, at) => view.getInt32(at) },
  13: { name: '32-bit floats', bytes: 4 },
  14: { name: '64-bit floats', bytes: 8 },
};

/** Columns of QMNIST's labels: the class, then who wrote it and where. */
const QMNIST_COLUMNS = 8;

/**
 * Grey pictures of an unpacked image file. They share memory with it. Refused as `malformed`: what is no IDX, other
 * numbers than unsigned bytes, other sizes than count × height × width, a file longer or shorter than its header says.
 * `name` is the file's name in refusals.
 */
export function readIdxPictures(bytes: Uint8Array, name: string): Result<Pictures> {
  const array = readArray(bytes, name);
  if (!array.ok) return array;
  const { type, sizes, data } = array.value;
  if (sizes.length === 1) return malformed(`${name} holds labels, not pictures`);
  if (sizes.length !== 3)
    return malformed(`${name} has sizes ${describe(sizes)}: pictures are count × height × width`);
  if (type.bytes !== 1 || type.name !== 'unsigned bytes')
    return malformed(`${name} holds ${type.name}: pictures are unsigned bytes, 0 to 255`);
  const [, height = 0, width = 0] = sizes;
  if (data.length === 0) return malformed(`${name} holds no picture: its sizes are ${describe(sizes)}`);
  return accepted({ shape: { height, width, channels: 1 }, pixels: data });
}

/**
 * The labels of an unpacked label file, as bytes. They may be integers of any kind, and have QMNIST's eight columns, of
 * which the first is the class. Refused as `malformed`: what `readIdxPictures` refuses, and a label below 0 or above 255.
 */
export function readIdxLabels(bytes: Uint8Array, name: string): Result<Uint8Array> {
  const array = readArray(bytes, name);
  if (!array.ok) return array;
  const { type, sizes, data } = array.value;
  const [count = 0, columns = 1] = sizes;
  if (sizes.length === 3) return malformed(`${name} holds pictures, not labels`);
  if (sizes.length > 3 || (sizes.length === 2 && columns !== QMNIST_COLUMNS))
    return malformed(`${name} has sizes ${describe(sizes)}: labels have one, their count`);
  const { read } = type;
  if (!read) return malformed(`${name} holds ${type.name}: labels are integers`);
  const view = dataViewOf(data);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const label = read(view, i * columns * type.bytes);
    if (label < 0 || label >= MAX_CLASSES)
      return malformed(`${name}: label ${label} of picture ${i} is not from 0 to ${MAX_CLASSES - 1}`);
    labels[i] = label;
  }
  return accepted(labels);
}

interface IdxArray {
  readonly type: NumberType;
  readonly sizes: readonly number[];
  /** They share memory with the file. */
  readonly data: Uint8Array;
}

function readArray(bytes: Uint8Array, name: string): Result<IdxArray> {
  if (bytes.length < 4) return malformed(`${name} is no IDX file: it has ${bytes.length} bytes`);
  const [zero, also, code = 0, rank = 0] = bytes;
  const type = types[code];
  if (zero !== 0 || also !== 0 || !type || rank < 1 || rank > 4)
    return malformed(describeWrongStart(bytes, name));
  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes)
    return malformed(`${name}: its header needs ${headerBytes} bytes, found ${bytes.length}`);
  const header = dataViewOf(bytes);
  const sizes = Array.from({ length: rank }, (_, i) => header.getUint32(4 + 4 * i));
  const expected = sizes.reduce((product, size) => product * size, type.bytes) + headerBytes;
  if (bytes.length !== expected)
    return malformed(
      `${name}: its header says ${expected} bytes (${describe(sizes)} ${type.name}), found ${bytes.length}`,
    );
  return accepted({ type, sizes, data: bytes.subarray(headerBytes) });
}

function describeWrongStart(bytes: Uint8Array, name: string): string {
  const isReversed = bytes[2] === 0 && bytes[3] === 0 && types[bytes[1] ?? 0] !== undefined;
  if (isReversed) return `${name} is little-endian: IDX files are big-endian`;
  const start = [...bytes.subarray(0, 4)].join(' ');
  return `${name} is no IDX file: it begins with bytes ${start}, an IDX file with 0 0, a type and a rank`;
}

const describe = (sizes: readonly number[]): string => sizes.join(' × ');

const malformed = (detail: string): Result<never> => refused('malformed', detail);
