/** Unpacks gzip (RFC 1952) up to a cap, and checks the checksums, which fflate does not. */
import { Gunzip } from 'fflate';
import { concatBytes } from '../math/bytes.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';

/** Deflate packs at most 1,032 to 1, so a piece of 8 KiB unpacks to 8.5 MB at most: the cap is overshot by no more. */
const PIECE_BYTES = 8192;
const TRAILER_BYTES = 8;

interface UnpackOptions {
  /** More unpacked bytes than this are refused as `too-large`, and never allocated. */
  readonly maxBytes: number;
  /** The name of the file in refusals. */
  readonly name: string;
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * The unpacked bytes, or `bytes` themselves if they are not gzip. Refused: `malformed` if they are corrupt or cut off
 * (by structure, CRC-32 and length), `too-large` if they are over the cap, packed or not.
 */
export function gunzip(bytes: Uint8Array, { maxBytes, name }: UnpackOptions): Result<Uint8Array> {
  if (!isGzip(bytes)) return bytes.length > maxBytes ? tooLarge(name, maxBytes) : accepted(bytes);
  const chunks: Uint8Array[] = [];
  const member = createChecksum();
  let total = 0;
  let problem: string | undefined;
  const checkMember = (end: number): void => {
    problem ??= member.finish(bytes, end);
  };
  const stream = new Gunzip(chunk => {
    chunks.push(chunk);
    member.add(chunk);
    total += chunk.length;
  });
  stream.onmember = checkMember;
  for (let at = 0; at < bytes.length && !problem; at += PIECE_BYTES) {
    problem = push(stream, bytes, at) ?? problem;
    if (total > maxBytes) return tooLarge(name, maxBytes);
  }
  checkMember(bytes.length);
  if (problem) return refused('malformed', `${name}: ${problem}, unpacked ${total} bytes before`);
  return accepted(concatBytes(chunks));
}

const tooLarge = (name: string, maxBytes: number): Result<never> =>
  refused('too-large', `${name} unpacks to more than ${maxBytes} bytes`);

/** fflate throws if the packed data make no sense. Here that is expected, and refused as a value. */
function push(stream: Gunzip, bytes: Uint8Array, at: number): string | undefined {
  const end = Math.min(at + PIECE_BYTES, bytes.length);
  try {
    stream.push(bytes.subarray(at, end), end === bytes.length);
    return undefined;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return `gzip is corrupt or cut off between bytes ${at} and ${end} (${what})`;
  }
}

interface Checksum {
  add(chunk: Uint8Array): void;
  /** Compares with the trailer that ends at `end` and begins anew; says what is wrong, if anything. */
  finish(bytes: Uint8Array, end: number): string | undefined;
}

function createChecksum(): Checksum {
  let crc = -1;
  let length = 0;
  return {
    add: chunk => {
      crc = crc32(crc, chunk);
      length += chunk.length;
    },
    finish: (bytes, end) => {
      const found = [~crc >>> 0, length >>> 0];
      [crc, length] = [-1, 0];
      if (end < TRAILER_BYTES) return 'gzip is cut off';
      const trailer = new DataView(bytes.buffer, bytes.byteOffset + end - TRAILER_BYTES, TRAILER_BYTES);
      const agrees = found[0] === trailer.getUint32(0, true) && found[1] === trailer.getUint32(4, true);
      return agrees
        ? undefined
        : `gzip checksum or length before byte ${end} does not agree: corrupt or cut off`;
    },
  };
}

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(start: number, bytes: Uint8Array): number {
  let crc = start;
  for (let i = 0; i < bytes.length; i++)
    crc = (crc >>> 8) ^ (crcTable[(crc ^ (bytes[i] as number)) & 255] as number);
  return crc;
}
