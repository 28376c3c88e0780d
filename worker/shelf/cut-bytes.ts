import { CHUNK_BYTES, PIECE_BYTES } from './shelf-calls.ts';

/**
 * Bytes in chunks, or the bytes of a stream in pieces, and the last of what is left. A piece is the reader's own. Nothing
 * comes of no bytes.
 * @throws what the stream fails with: whoever sent it broke off
 */
export async function* cutBytes(
  bytes: Uint8Array | ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  if (!(bytes instanceof Uint8Array)) return yield* cutStream(bytes);
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES)
    yield bytes.slice(start, start + CHUNK_BYTES);
}

async function* cutStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader({ mode: 'byob' });
  let isOver = false;
  try {
    while (!isOver) {
      const { value, done } = await reader.readAtLeast(PIECE_BYTES, new Uint8Array(PIECE_BYTES));
      isOver = done || (value?.length ?? 0) < PIECE_BYTES;
      if (value && value.length > 0) yield value;
    }
  } finally {
    // Whoever sends what nobody reads any more is to hear of it.
    if (!isOver) reader.cancel().catch(() => {});
  }
}
