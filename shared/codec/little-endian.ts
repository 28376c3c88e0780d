/** Everything on the wire and in storage is little-endian, whatever the platform. DataView says so explicitly. */
import { dataViewOf } from '../math/bytes.ts';

const platformIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Writes the floats from byte `offset` on. The caller promises room for 4 bytes each. */
export function writeFloats(data: DataView, offset: number, values: Float32Array): void {
  if (platformIsLittleEndian) {
    const target = new Uint8Array(data.buffer, data.byteOffset + offset, 4 * values.length);
    target.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return;
  }
  for (let i = 0; i < values.length; i++) data.setFloat32(offset + 4 * i, values[i] as number, true);
}

/** Copies `elements` floats from byte `offset` on into memory of their own. */
export function readFloats(bytes: Uint8Array, offset: number, elements: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(elements);
  if (platformIsLittleEndian) {
    new Uint8Array(values.buffer).set(bytes.subarray(offset, offset + 4 * elements));
    return values;
  }
  const data = dataViewOf(bytes);
  for (let i = 0; i < elements; i++) values[i] = data.getFloat32(offset + 4 * i, true);
  return values;
}

/** Copies `elements` halves, as their bits, into memory of their own. */
export function readHalves(bytes: Uint8Array, elements: number): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(elements);
  if (platformIsLittleEndian) {
    new Uint8Array(halves.buffer).set(bytes.subarray(0, 2 * elements));
    return halves;
  }
  const data = dataViewOf(bytes);
  for (let i = 0; i < elements; i++) halves[i] = data.getUint16(2 * i, true);
  return halves;
}

/** Like `readFloats`, but shares memory with `bytes` if alignment and platform allow it. */
export function shareFloats(bytes: Uint8Array, offset: number, elements: number): Float32Array {
  const start = bytes.byteOffset + offset;
  if (!platformIsLittleEndian || start % 4 !== 0) return readFloats(bytes, offset, elements);
  return new Float32Array(bytes.buffer, start, elements);
}

/** Writes doubles from a byte offset on. */
export function writeDoubles(bytes: Uint8Array, offset: number, values: ArrayLike<number>): void {
  if (platformIsLittleEndian) {
    const own = values instanceof Float64Array ? values : Float64Array.from(values);
    bytes.set(new Uint8Array(own.buffer, own.byteOffset, own.byteLength), offset);
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < values.length; i++) view.setFloat64(offset + 8 * i, values[i] as number, true);
}

/** So many doubles from a byte offset on, in memory of their own. */
export function readDoubles(bytes: Uint8Array, offset: number, elements: number): Float64Array {
  const values = new Float64Array(elements);
  if (platformIsLittleEndian) {
    new Uint8Array(values.buffer).set(bytes.subarray(offset, offset + 8 * elements));
    return values;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < elements; i++) values[i] = view.getFloat64(offset + 8 * i, true);
  return values;
}
