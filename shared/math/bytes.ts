/** One buffer that holds all chunks in order. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}

/** The numbers within these bytes and no others of their buffer. */
export const dataViewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The same bytes, as what takes bytes of no shared memory wants them. They are copied only if they are shared. */
export const ownedBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  isOwned(bytes) ? bytes : new Uint8Array(bytes);

const isOwned = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> => bytes.buffer instanceof ArrayBuffer;
