/** Everything on the wire and in storage is little-endian, whatever the platform. DataView says so explicitly. */
import { dataViewOf } from '../math/bytes.ts';

const platformIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Writes the floats from byte `offset` on. The caller promises room for 4 bytes each. */
export function writeFloats(data: DataView, offset: number, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) data.setFloat32(offset + 4 * i, values[i] as number, true);
}

/** Copies `elements` floats from byte `offset` on into memory of their own. */
export function readFloats(bytes: Uint8Array, offset: number, elements: number): Float32Array<ArrayBuffer> {
  const data = dataViewOf(bytes);
  const values = new Float32Array(elements);
  for (let i = 0; i < elements; i++) values[i] = data.getFloat32(offset + 4 * i, true);
  return values;
}

/** Like `readFloats`, but shares memory with `bytes` if alignment and platform allow it. */
export function shareFloats(bytes: Uint8Array, offset: number, elements: number): Float32Array {
  const start = bytes.byteOffset + offset;
  if (!platformIsLittleEndian || start % 4 !== 0) return readFloats(bytes, offset, elements);
  return new Float32Array(bytes.buffer, start, elements);
}
