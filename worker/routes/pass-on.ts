import { inTime } from '../in-time.ts';
import { BrokenBodyError } from './http.ts';

/** If no byte moves for so long, and no reply comes, then nothing comes any more. A lost packet is sent again within 15 s. */
const LONGEST_PAUSE_MS = 60_000;

/** What is held of a body at once. */
const PIECE_BYTES = 65_536;

/**
 * Passes a body on as it comes. Neither whoever sends it nor whoever takes it may hold it up for ever: R2 on a full disk
 * never replies, and the client would wait as long as its slowest line takes. If it fails, what is left of the body is free
 * to be heard out.
 * @param bytes of the body: R2 must know the length of a stream
 * @throws BrokenBodyError, LateError, or what the taker throws
 */
export async function passOn<T>(
  body: ReadableStream<Uint8Array>,
  bytes: number,
  take: (stream: ReadableStream<Uint8Array>) => Promise<T>,
): Promise<T> {
  const { readable, writable } = new FixedLengthStream(bytes);
  const [reader, writer] = [body.getReader({ mode: 'byob' }), writable.getWriter()];
  const taken = take(readable);
  // If the taker has failed, it mostly reads no more, and nothing else would end a write.
  taken.catch(error => writer.abort(error)).catch(() => {});
  try {
    await move(reader, writer);
    return await inTime(taken, LONGEST_PAUSE_MS);
  } catch (error) {
    await writer.abort(error).catch(() => {});
    // A read is under way if the body broke off, and nobody is left to be heard out.
    if (!(error instanceof BrokenBodyError)) reader.releaseLock();
    throw error;
  }
}

async function move(
  reader: ReadableStreamBYOBReader,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  let room = new Uint8Array(PIECE_BYTES);
  for (;;) {
    const { value, done } = await read(reader, room);
    if (done) break;
    await inTime(writer.write(value), LONGEST_PAUSE_MS);
    room = new Uint8Array(value.buffer);
  }
  await inTime(writer.close(), LONGEST_PAUSE_MS);
}

async function read(reader: ReadableStreamBYOBReader, room: Uint8Array<ArrayBuffer>) {
  try {
    return await inTime(reader.read(room), LONGEST_PAUSE_MS);
  } catch (error) {
    throw new BrokenBodyError(error);
  }
}
