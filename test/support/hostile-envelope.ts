import { concatBytes } from '../../shared/math/bytes.ts';
import { sha256 } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';

type Bytes = Uint8Array<ArrayBuffer>;

interface Header {
  lease: string;
  codec: string;
  table: { segment: string; tensor: string; offset: number; bytes: number; elements: number }[];
  metrics: Record<string, unknown>;
}

const PREFIX_BYTES = 12;
const HASH_BYTES = 32;

/** The envelope with its parts changed by a hostile hand and a hash that is right again. */
export function forge(envelope: Bytes, change: (header: Header, payload: Bytes) => Bytes | undefined): Bytes {
  const headerEnd = PREFIX_BYTES + new DataView(envelope.buffer).getUint32(8, true);
  const header: Header = JSON.parse(new TextDecoder().decode(envelope.subarray(PREFIX_BYTES, headerEnd)));
  const given = envelope.slice(headerEnd, -HASH_BYTES);
  const payload = change(header, given) ?? given;
  return seal(envelope.slice(0, 8), encodeUtf8(JSON.stringify(header)), payload);
}

function seal(start: Bytes, header: Bytes, payload: Bytes): Bytes {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length, true);
  const body = concatBytes([start, length, header, payload]);
  return concatBytes([body, sha256(body)]);
}

export function flipByte(bytes: Bytes, at: number): Bytes {
  const flipped = bytes.slice();
  const index = at < 0 ? bytes.length + at : at;
  flipped[index] = (flipped[index] ?? 0) ^ 0xff;
  return flipped;
}
