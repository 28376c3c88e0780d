import { allFinite } from '../math/all-finite.ts';
import { dataViewOf } from '../math/bytes.ts';
import { decodeHalf, encodeHalf } from '../math/half-float.ts';
import { accepted, refused } from '../protocol/refusals.ts';
import { readHalves } from './little-endian.ts';
import type { UpdateCodec } from './update-codec.ts';

const LARGEST_HALF = 65504;
const LARGEST_HALF_BITS = 0x7bff;
const INFINITE_HALF_BITS = 0x7c00;

/** Dense halves, 2 bytes an element, little-endian. What is too large for a half becomes the largest half. */
export const f16: UpdateCodec = {
  encode: values => {
    const halves = encodeHalf(values);
    const payload = new Uint8Array(2 * halves.length);
    const data = dataViewOf(payload);
    for (let i = 0; i < halves.length; i++) data.setUint16(2 * i, clampHalf(halves[i] as number), true);
    return payload;
  },
  decode: (payload, elements) => {
    if (payload.length !== 2 * elements)
      return refused('bad-payload', `${payload.length} bytes for ${elements} f16`);
    const values = decodeHalf(readHalves(payload, elements));
    return allFinite(values) ? accepted(values) : refused('not-finite');
  },
  stride: 2,
  maxBytes: elements => 2 * elements,
  errorBound: values => {
    let squares = 0;
    for (const value of values) squares += largestError(Math.abs(value)) ** 2;
    return Math.sqrt(squares);
  },
};

/** Every receiver refuses infinity. What a clamp cuts off is no more lost than any other rounding error. */
const clampHalf = (bits: number): number =>
  (bits & 0x7fff) === INFINITE_HALF_BITS ? (bits & 0x8000) | LARGEST_HALF_BITS : bits;

/**
 * Half a unit in the last place: 2^-11 of a normal value, 2^-25 of a subnormal one. Beyond the range: what is cut off.
 */
const largestError = (magnitude: number): number =>
  magnitude > LARGEST_HALF ? magnitude - LARGEST_HALF : Math.max(magnitude * 2 ** -11, 2 ** -25);
