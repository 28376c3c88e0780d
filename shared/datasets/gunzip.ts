/** Unpacks gzip (RFC 1952) up to a cap, and checks the checksums, which fflate does not. */
import { Gunzip } from 'fflate';
import { dataViewOf } from '../math/bytes.ts';
import { crc32 } from '../math/crc32.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';

/** Deflate packs at most 1,032 to 1, so a piece of 8 KiB unpacks to 8.5 MB at most: the cap is overshot by no more. */
const PIECE_BYTES = 8192;
/** Pictures and labels pack less than this. What packs better is unpacked in steps. */
const MOST_LIKELY = 16;
const TRAILER_BYTES = 8;
/** The shortest member: a header of 10 bytes, an empty block of 2, the trailer. */
const MEMBER_BYTES = 20;

interface UnpackOptions {
  /** More unpacked bytes than this are refused as `too-large`, and never allocated. */
  readonly maxBytes: number;
  /** The name of the file in refusals. */
  readonly name: string;
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * The unpacked bytes, or `bytes` themselves if they are not gzip. A file may have several members, zeros after its end
 * (tapes and some mirrors pad so), or be packed twice, as a server does that packs what is packed. Refused: `malformed`
 * if it is corrupt or cut off (by structure, CRC-32 and length), `too-large` if it is over the cap, packed or not.
 */
export function gunzip(bytes: Uint8Array, options: UnpackOptions): Result<Uint8Array> {
  const once = unpackOnce(bytes, options);
  return once.ok && once.value !== bytes ? unpackOnce(once.value, options) : once;
}

function unpackOnce(bytes: Uint8Array, { maxBytes, name }: UnpackOptions): Result<Uint8Array> {
  if (!isGzip(bytes)) return bytes.length > maxBytes ? tooLarge(name, maxBytes) : accepted(bytes);
  const output = createOutput(Math.min(maxBytes, lengthHint(bytes)), maxBytes);
  const member = createChecksum();
  let problem: string | undefined;
  const stream = new Gunzip(chunk => {
    output.add(chunk);
    member.add(chunk);
  });
  stream.onmember = end => {
    problem ??= member.finish(bytes, end);
  };
  let failure: string | undefined;
  for (let at = 0; at < bytes.length && !problem && !failure; at += PIECE_BYTES) {
    failure = push(stream, bytes, at);
    if (output.length() > maxBytes) return tooLarge(name, maxBytes);
  }
  // fflate takes zeros behind the last member for a broken member. It is whole if its trailer is right before them.
  problem ??= member.finish(bytes, endBeforeZeros(bytes, member.trailer()), failure);
  if (problem) return refused('malformed', `${name}: ${problem}, unpacked ${output.length()} bytes before`);
  return accepted(output.bytes());
}

/** Where a member with this trailer ends if only zeros follow it. The trailer's own last bytes may be zeros too. */
function endBeforeZeros(bytes: Uint8Array, trailer: Uint8Array): number {
  const ownZeros = TRAILER_BYTES - lengthWithoutZeros(trailer);
  return ownZeros === TRAILER_BYTES ? bytes.length : lengthWithoutZeros(bytes) + ownZeros;
}

const lengthWithoutZeros = (bytes: Uint8Array): number => bytes.findLastIndex(byte => byte !== 0) + 1;

/** A file's last four bytes say how long its last member is. They may lie, so no more is taken than is likely. */
function lengthHint(bytes: Uint8Array): number {
  const said = bytes.length < TRAILER_BYTES ? 0 : dataViewOf(bytes).getUint32(bytes.length - 4, true);
  return Math.min(said, bytes.length * MOST_LIKELY);
}

/** Collects chunks in one buffer, so that a large file is not held twice. What is beyond the cap is only counted. */
function createOutput(firstBytes: number, maxBytes: number) {
  let [buffer, length] = [new Uint8Array(firstBytes), 0];
  return {
    length: () => length,
    bytes: () => (length === buffer.length ? buffer : buffer.slice(0, length)),
    add: (chunk: Uint8Array): void => {
      const start = length;
      length += chunk.length;
      if (length > maxBytes) return;
      if (length > buffer.length) {
        const larger = new Uint8Array(Math.max(length, Math.min(2 * buffer.length, maxBytes)));
        larger.set(buffer.subarray(0, start));
        buffer = larger;
      }
      buffer.set(chunk, start);
    },
  };
}

const tooLarge = (name: string, maxBytes: number): Result<never> =>
  refused('too-large', `${name} unpacks to more than ${maxBytes} bytes`);

/** fflate throws if the packed data make no sense. Here that is expected, and told as a value. */
function push(stream: Gunzip, bytes: Uint8Array, at: number): string | undefined {
  const end = Math.min(at + PIECE_BYTES, bytes.length);
  try {
    stream.push(bytes.subarray(at, end), end === bytes.length);
    return undefined;
  } catch {
    return `gzip is corrupt or cut off between bytes ${at} and ${end}`;
  }
}

interface Checksum {
  add(chunk: Uint8Array): void;
  /** The trailer that a member of these chunks has: CRC-32 and length. */
  trailer(): Uint8Array;
  /**
   * Compares with the trailer that ends at `end` and begins anew; says what is wrong, if anything. If what failed before
   * is known, it says that.
   */
  finish(bytes: Uint8Array, end: number, failure?: string): string | undefined;
}

function createChecksum(): Checksum {
  let crc = -1;
  let length = 0;
  const trailer = (): Uint8Array => {
    const bytes = new Uint8Array(TRAILER_BYTES);
    dataViewOf(bytes).setUint32(0, ~crc >>> 0, true);
    dataViewOf(bytes).setUint32(4, length >>> 0, true);
    return bytes;
  };
  return {
    trailer,
    add: chunk => {
      crc = crc32(crc, chunk);
      length += chunk.length;
    },
    finish: (bytes, end, failure) => {
      const expected = trailer();
      // The trailer of nothing is zeros, which a broken file may end with by chance.
      const isProof = failure === undefined || length > 0;
      [crc, length] = [-1, 0];
      if (end < MEMBER_BYTES || !isProof) return failure ?? 'gzip is cut off';
      const found = bytes.subarray(end - TRAILER_BYTES, end);
      if (found.length === TRAILER_BYTES && expected.every((byte, i) => byte === found[i])) return undefined;
      return failure ?? `gzip checksum or length before byte ${end} does not agree: corrupt or cut off`;
    },
  };
}
