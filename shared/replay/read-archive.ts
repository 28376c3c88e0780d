import { concatBytes } from '../math/bytes.ts';
import { DamagedArchive } from './difference.ts';

/** Before each envelope stands its length, as a little-endian u32. */
const LENGTH_BYTES = 4;

/** Longer than any envelope that a route takes. A damaged length must not take memory. */
const MAX_ENVELOPE_BYTES = 2 ** 28;

/** An object that begins so is one envelope alone, without a length: as a length this would be 1.4 GB. */
const MAGIC = 'HMRU';

/**
 * The envelopes in one object of an archive, which comes in pieces of any size. Such an object is a sequence of
 * envelopes, each with its length before it, or one envelope alone. Memory holds one envelope and one piece.
 * @throws DamagedArchive if it is neither
 */
export async function* readArchive(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = new PieceReader(pieces);
  for (;;) {
    const prefix = await reader.take(LENGTH_BYTES);
    if (prefix.length === 0) return;
    if (prefix.length < LENGTH_BYTES) throw new DamagedArchive('the archive ends within a length');
    if (String.fromCharCode(...prefix) === MAGIC)
      return yield concatBytes([prefix, await reader.take(MAX_ENVELOPE_BYTES)]);
    const length = new DataView(prefix.buffer, prefix.byteOffset).getUint32(0, true);
    if (length > MAX_ENVELOPE_BYTES)
      throw new DamagedArchive(`an envelope of ${length} bytes, which is more than any has`);
    const envelope = await reader.take(length);
    if (envelope.length < length)
      throw new DamagedArchive(`an envelope has ${envelope.length} of ${length} bytes`);
    yield envelope;
  }
}

/** Bytes that arrive in pieces, taken as many at a time as the reader wants. */
class PieceReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next so many bytes, fewer only if there are no more. */
  async take(count: number): Promise<Uint8Array> {
    const taken: Uint8Array[] = [];
    let missing = count;
    while (missing > 0) {
      if (this.rest.length === 0) {
        const { value, done } = await this.pieces.next();
        if (done) break;
        this.rest = value;
      }
      const part = this.rest.subarray(0, missing);
      taken.push(part);
      missing -= part.length;
      this.rest = this.rest.subarray(part.length);
    }
    return concatBytes(taken);
  }
}
