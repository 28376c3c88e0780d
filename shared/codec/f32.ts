import { allFinite } from '../math/all-finite.ts';
import { dataViewOf } from '../math/bytes.ts';
import { accepted, refused } from '../protocol/refusals.ts';
import { readFloats, writeFloats } from './little-endian.ts';
import type { UpdateCodec } from './update-codec.ts';

/** Dense and exact: 4 bytes an element, little-endian. */
export const f32: UpdateCodec = {
  encode: values => {
    const payload = new Uint8Array(4 * values.length);
    writeFloats(dataViewOf(payload), 0, values);
    return payload;
  },
  decode: (payload, elements) => {
    if (payload.length !== 4 * elements)
      return refused('bad-payload', `${payload.length} bytes for ${elements} f32`);
    const values = readFloats(payload, 0, elements);
    return allFinite(values) ? accepted(values) : refused('not-finite');
  },
  stride: 4,
  maxBytes: elements => 4 * elements,
  errorBound: () => 0,
};
