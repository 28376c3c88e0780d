/** Everything on the wire and in storage is little-endian, whatever the platform: DataView says so explicitly. */

const platformIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Writes the floats from byte `offset` on; room for 4 bytes each is the caller's promise. */
export function writeFloats(view: DataView, offset: number, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) view.setFloat32(offset + 4 * i, values[i] as number, true);
}

/** Copies `elements` floats from byte `offset` on into memory of their own. */
export function readFloats(bytes: Uint8Array, offset: number, elements: number): Float32Array<ArrayBuffer> {
  const view = viewOf(bytes);
  const values = new Float32Array(elements);
  for (let i = 0; i < elements; i++) values[i] = view.getFloat32(offset + 4 * i, true);
  return values;
}

/** Like `readFloats`, but shares memory with `bytes` where alignment and platform allow. */
export function viewFloats(bytes: Uint8Array, offset: number, elements: number): Float32Array {
  const start = bytes.byteOffset + offset;
  if (!platformIsLittleEndian || start % 4 !== 0) return readFloats(bytes, offset, elements);
  return new Float32Array(bytes.buffer, start, elements);
}
