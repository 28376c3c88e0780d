import { inTime } from '../in-time.ts';
import { piecesOf } from './paced-body.ts';

/** If a taker takes nothing for so long, or does not reply, then it never will. */
const LONGEST_PAUSE_MS = 60_000;

/** What is held of a body at once. */
const PIECE_BYTES = 65_536;

/**
 * Passes a body on as it comes. Neither whoever sends it nor whoever takes it may hold it up for ever: R2 on a full disk
 * never replies, and the client would wait as long as its slowest line takes. If it fails, what is left of the body is free
 * to be heard out.
 * @param bytes of the body: the bucket must know the length of a stream
 * @throws BrokenBodyError, LateError, or what the taker throws
 */
export async function passOn<T>(
  body: ReadableStream<Uint8Array>,
  bytes: number,
  take: (stream: ReadableStream<Uint8Array>) => Promise<T>,
): Promise<T> {
  const { readable, writable } = new FixedLengthStream(bytes);
  const writer = writable.getWriter();
  const taken = take(readable);
  // If the taker has failed, it mostly reads no more, and nothing else would end a write.
  taken.catch(error => writer.abort(error)).catch(() => {});
  try {
    await move(body, writer);
    return await inTime(taken, LONGEST_PAUSE_MS);
  } catch (error) {
    await writer.abort(error).catch(() => {});
    throw error;
  }
}

async function move(
  body: ReadableStream<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  for await (const piece of piecesOf(body, PIECE_BYTES)) await inTime(writer.write(piece), LONGEST_PAUSE_MS);
  await inTime(writer.close(), LONGEST_PAUSE_MS);
}
