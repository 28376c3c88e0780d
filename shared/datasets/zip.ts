/** Reads zip files (APPNOTE.TXT 6.3.10) entry by entry: the directory first, each entry's bytes when they are wanted. */
import { inflateSync } from 'fflate';
import { dataViewOf } from '../math/bytes.ts';
import { crc32 } from '../math/crc32.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import { decodeZipName } from './zip-name.ts';

/** Bytes anywhere in a file. The detail of a refusal follows the file's name. */
export interface RandomAccess {
  readonly bytes: number;
  read(from: number, to: number): Promise<Result<Uint8Array>>;
}

export interface ZipEntry {
  /** With `/` between names. It may be anything, so nothing is ever written by it. */
  readonly name: string;
  readonly bytes: number;
  /** Why it cannot be unpacked, if so: "it is encrypted". */
  readonly problem?: string;
  /** The unpacked bytes, whose checksum is right. */
  read(): Promise<Result<Uint8Array>>;
}

/** Far more than people pack. 100,000 entries take 10 MB in a directory. */
export const MAX_ENTRIES = 200_000;
const MAX_DIRECTORY_BYTES = 64_000_000;
/** Of one entry: the largest file of a known data set has 547 MB. */
const MAX_ENTRY_BYTES = 1_000_000_000;
/** Of all entries, as the directory says. Nobody brings more, and a bomb says far more. */
const MAX_TOTAL_BYTES = 16_000_000_000;
/** Deflate packs at most 1,032 to 1. Only zeros or a bomb come near it; empty pictures are small. */
const MOST_PACKED = 1_032;
const MAX_RATIO = 200;
/** Of a whole zip. Files of a bomb may lie over one another, so that the same bytes are unpacked again and again. */
const TOTAL_MATTERS_FROM = 100_000_000;
const RATIO_MATTERS_FROM = 5_000_000;

const END = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const LOCATOR64 = 0x07064b50;
const LOCATOR64_BYTES = 20;
const HEADER = 0x02014b50;
const HEADER_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
/** In a field of 32 bits: the number is in the zip64 record. */
const ELSEWHERE = 0xffffffff;

/**
 * The entries that are files. Refused as `malformed`: no zip, or cut off; as `too-large`: more entries, a larger directory
 * or more to unpack than anybody brings.
 */
export async function openZip(file: RandomAccess): Promise<Result<ZipEntry[]>> {
  const end = await findEnd(file);
  if (!end.ok) return end;
  const { count, from, bytes } = end.value;
  if (count > MAX_ENTRIES || bytes > MAX_DIRECTORY_BYTES)
    return refused('too-large', `holds ${count} files: at most ${MAX_ENTRIES} are read from one zip`);
  if (from + bytes > file.bytes) return cutOff();
  const directory = await file.read(from, from + bytes);
  if (!directory.ok) return directory;
  const entries = readDirectory(directory.value, count, file);
  if (!entries) return cutOff();
  // What is a bomb by itself is not unpacked, and the others stay.
  const total = entries.reduce((sum, { bytes, problem }) => sum + (problem === undefined ? bytes : 0), 0);
  if (total > MAX_TOTAL_BYTES)
    return refused(
      'too-large',
      `would unpack to ${Math.round(total / 1e9)} GB, so it is not opened: at most ${MAX_TOTAL_BYTES / 1e9} GB are read`,
    );
  if (total > TOTAL_MATTERS_FROM && total > file.bytes * MAX_RATIO)
    return refused(
      'too-large',
      `would unpack to ${Math.round(total / file.bytes)} times its size, as a zip bomb does, so it is not opened`,
    );
  return accepted(entries);
}

const cutOff = (): Result<never> =>
  refused('malformed', 'is no zip file, or is cut off: download or pack it again');

interface Directory {
  readonly count: number;
  readonly from: number;
  readonly bytes: number;
}

/** The record at the end says where the directory is. A comment may follow the record. */
async function findEnd(file: RandomAccess): Promise<Result<Directory>> {
  const from = Math.max(0, file.bytes - END_BYTES - MAX_COMMENT - LOCATOR64_BYTES);
  const tail = await file.read(from, file.bytes);
  if (!tail.ok) return tail;
  const view = dataViewOf(tail.value);
  for (let at = view.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const count = view.getUint16(at + 10, true);
    const bytes = view.getUint32(at + 12, true);
    const start = view.getUint32(at + 16, true);
    const is64 = count === 0xffff || bytes === ELSEWHERE || start === ELSEWHERE;
    return is64 ? findEnd64(file, view, at - LOCATOR64_BYTES) : accepted({ count, from: start, bytes });
  }
  return cutOff();
}

async function findEnd64(file: RandomAccess, tail: DataView, at: number): Promise<Result<Directory>> {
  if (at < 0 || tail.getUint32(at, true) !== LOCATOR64) return cutOff();
  const from = readNumber64(tail, at + 8);
  if (from + END_64_BYTES > file.bytes) return cutOff();
  const record = await file.read(from, from + END_64_BYTES);
  if (!record.ok) return record;
  const view = dataViewOf(record.value);
  if (view.byteLength < END_64_BYTES || view.getUint32(0, true) !== END_64) return cutOff();
  return accepted({
    count: readNumber64(view, 32),
    bytes: readNumber64(view, 40),
    from: readNumber64(view, 48),
  });
}

/** Beyond 2^53 it is not exact, and then it is too large anyway. */
const readNumber64 = (view: DataView, at: number): number =>
  view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);

/** Undefined if the directory ends too early. Folders are left out. */
function readDirectory(bytes: Uint8Array, count: number, file: RandomAccess): ZipEntry[] | undefined {
  const view = dataViewOf(bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + HEADER_BYTES > bytes.length || view.getUint32(at, true) !== HEADER) return undefined;
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map(offset =>
      view.getUint16(at + offset, true),
    ) as [number, number, number];
    const next = at + HEADER_BYTES + nameBytes + extraBytes + commentBytes;
    if (next > bytes.length) return undefined;
    const name = decodeZipName(bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + nameBytes));
    const extraAt = at + HEADER_BYTES + nameBytes;
    const stored = { ...readStored(view, at, extraAt, extraAt + extraBytes), nameBytes };
    if (!/[/\\]$/.test(name)) entries.push(createEntry(name.replaceAll('\\', '/'), stored, file));
    at = next;
  }
  return entries;
}

/** Where an entry's bytes are and how they are packed. */
interface Stored {
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly localAt: number;
  readonly nameBytes: number;
}

function readStored(
  view: DataView,
  at: number,
  extraAt: number,
  extraEnd: number,
): Omit<Stored, 'nameBytes'> {
  const next64 = numbers64(view, extraAt, extraEnd);
  const take = (offset: number): number => {
    const small = view.getUint32(at + offset, true);
    return small === ELSEWHERE ? (next64() ?? small) : small;
  };
  // The zip64 field has the numbers that are lacking, in this order.
  const bytes = take(24);
  const packedBytes = take(20);
  const localAt = take(42);
  return {
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packedBytes,
    bytes,
    localAt,
  };
}

/** The numbers of the zip64 extra field one after another; undefined once there are no more. */
function numbers64(view: DataView, from: number, end: number): () => number | undefined {
  let [at, fieldEnd] = [from, from];
  while (at + 4 <= end) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      fieldEnd = Math.min(end, at + 4 + length);
      at += 4;
      break;
    }
    at += 4 + length;
  }
  return () => {
    if (at + 8 > fieldEnd) return undefined;
    at += 8;
    return readNumber64(view, at - 8);
  };
}

function createEntry(name: string, stored: Stored, file: RandomAccess): ZipEntry {
  const problem = findProblem(stored);
  return {
    name,
    bytes: stored.bytes,
    ...(problem === undefined ? {} : { problem }),
    read: () => (problem === undefined ? unpackEntry(stored, file) : Promise.resolve(cannotRead(problem))),
  };
}

const cannotRead = (problem: string): Result<never> => refused('malformed', `cannot be read: ${problem}`);

function findProblem({ isEncrypted, method, bytes, packedBytes }: Stored): string | undefined {
  if (isEncrypted) return 'it is encrypted: pack it without a password';
  if (method !== 0 && method !== 8)
    return `it is packed by method ${method}, which is not read: pack it with the usual one (deflate)`;
  if (bytes > MAX_ENTRY_BYTES) return `it would unpack to ${Math.round(bytes / 1e6)} MB, which is too large`;
  if (bytes > RATIO_MATTERS_FROM && bytes > packedBytes * MAX_RATIO)
    return `it would unpack to ${Math.round(bytes / Math.max(1, packedBytes))} times its size, as a zip bomb does`;
  return undefined;
}

const damaged = (): Result<never> => refused('malformed', 'is damaged in the zip');

async function unpackEntry(stored: Stored, file: RandomAccess): Promise<Result<Uint8Array>> {
  const { localAt, packedBytes, nameBytes } = stored;
  if (localAt + LOCAL_BYTES > file.bytes) return damaged();
  const likelyEnd = localAt + LOCAL_BYTES + nameBytes + LIKELY_EXTRA_BYTES + packedBytes;
  const local = await file.read(localAt, Math.min(file.bytes, likelyEnd));
  if (!local.ok) return local;
  const view = dataViewOf(local.value);
  if (view.byteLength < LOCAL_BYTES || view.getUint32(0, true) !== LOCAL) return damaged();
  const from = LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  if (localAt + from + packedBytes > file.bytes) return damaged();
  if (from + packedBytes <= local.value.length)
    return unpack(local.value.subarray(from, from + packedBytes), stored);
  const packed = await file.read(localAt + from, localAt + from + packedBytes);
  return packed.ok ? unpack(packed.value, stored) : packed;
}

/** The header has a field of its own for more, mostly times. If it is longer, the bytes are read once more. */
const LIKELY_EXTRA_BYTES = 64;

/** No more is unpacked than the directory says, which was bounded before. */
function unpack(packed: Uint8Array, { method, bytes, crc }: Stored): Result<Uint8Array> {
  const unpacked = method === 0 ? packed : inflate(packed, bytes);
  if (unpacked?.length !== bytes || ~crc32(-1, unpacked) >>> 0 !== crc) return damaged();
  return accepted(unpacked);
}

function inflate(packed: Uint8Array, bytes: number): Uint8Array | undefined {
  if (bytes > packed.length * MOST_PACKED) return undefined;
  try {
    return inflateSync(packed, { out: new Uint8Array(bytes) });
  } catch {
    return undefined;
  }
}
