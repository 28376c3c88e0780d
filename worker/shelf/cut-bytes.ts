/**
 * Bytes in pieces of this length, and the last of what is left. A piece is the reader's own. Nothing comes of no bytes.
 * @throws what the stream fails with: whoever sent it broke off
 */
export async function* cutBytes(
  bytes: Uint8Array | ReadableStream<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array, void> {
  if (bytes instanceof Uint8Array)
    for (let start = 0; start < bytes.length; start += length) yield bytes.slice(start, start + length);
  else yield* cutStream(bytes, length);
}

async function* cutStream(
  stream: ReadableStream<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader({ mode: 'byob' });
  let isOver = false;
  try {
    while (!isOver) {
      const { value, done } = await reader.readAtLeast(length, new Uint8Array(length));
      isOver = done || (value?.length ?? 0) < length;
      if (value && value.length > 0) yield value;
    }
  } finally {
    // Whoever sends what nobody reads any more is to hear of it.
    if (!isOver) reader.cancel().catch(() => {});
  }
}
