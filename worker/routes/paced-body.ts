import { raceAgainst } from '../../shared/math/race-against.ts';

/** A body that ended before its end: its sender has left, fell silent, or is too slow to be waited for. */
export class BrokenBodyError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'BrokenBodyError';
  }
}

/** A minute brings so much of a body, or its end. Clients wait for a line of 8 kB a second (`time-limits.ts`): half of it. */
const MINUTE_MS = 60_000;
const LEAST_BYTES = 240_000;

/** How fast a body comes. Who sends a byte a second would hold a request, and what waits behind it, for ever. */
class Pace {
  readonly tooSlow: Promise<never>;
  private came = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    this.tooSlow = new Promise((_, reject) => this.watch(reject));
    // Nobody may be reading at that moment.
    this.tooSlow.catch(() => {});
  }

  private watch(reject: (error: Error) => void): void {
    this.timer = setTimeout(() => {
      if (this.came < LEAST_BYTES)
        return reject(new BrokenBodyError(`the body came too slowly: ${this.came} bytes in a minute`));
      this.came = 0;
      this.watch(reject);
    }, MINUTE_MS);
  }

  note(bytes: number): void {
    this.came += bytes;
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

/**
 * The body as it comes, in pieces of at most so many bytes. A piece is good until the next one is asked for. If whoever
 * reads stops early, what is left is free to be heard out.
 * @throws BrokenBodyError
 */
export async function* piecesOf(
  body: ReadableStream<Uint8Array>,
  pieceBytes: number,
): AsyncGenerator<Uint8Array, void> {
  const [reader, pace] = [body.getReader({ mode: 'byob' }), new Pace()];
  let room = new Uint8Array(pieceBytes);
  let isReading = false;
  try {
    for (;;) {
      isReading = true;
      const { value, done } = await raceAgainst(pace.tooSlow, read(reader, room));
      isReading = false;
      if (done) return;
      pace.note(value.length);
      yield value;
      room = new Uint8Array(value.buffer);
    }
  } finally {
    pace.end();
    // A body that broke off is heard out no further.
    if (isReading) reader.cancel().catch(() => {});
    else reader.releaseLock();
  }
}

async function read(reader: ReadableStreamBYOBReader, room: Uint8Array<ArrayBuffer>) {
  try {
    return await reader.read(room);
  } catch (error) {
    throw new BrokenBodyError('the body broke off', error);
  }
}
