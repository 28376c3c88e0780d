import type { Envelopes, KeptUpdate } from '../../shared/cohort/ports.ts';
import { concatBytes } from '../../shared/math/bytes.ts';

/**
 * An archive object is closed once it has so many bytes. A crowd's round makes several objects, so that none outgrows
 * memory.
 */
const ARCHIVE_BYTES = 16_000_000;

/**
 * A closed round's envelopes as they came, in the order of acceptance, for replay. They lie in R2 objects `key/n`.
 * Each envelope has its length before it, as a little-endian u32.
 */
export async function archiveRound(
  bucket: R2Bucket,
  key: string,
  updates: Iterable<KeptUpdate>,
  read: Envelopes['read'],
): Promise<void> {
  let chunk: Uint8Array[] = [];
  let bytes = 0;
  let number = 0;
  const flush = async (): Promise<void> => {
    if (bytes > 0) await bucket.put(`${key}/${number++}`, concatBytes(chunk));
    chunk = [];
    bytes = 0;
  };
  for (const update of updates) {
    const envelope = await read(update);
    chunk.push(lengthOf(envelope), envelope);
    bytes += 4 + envelope.length;
    if (bytes >= ARCHIVE_BYTES) await flush();
  }
  await flush();
}

function lengthOf(envelope: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, envelope.length, true);
  return length;
}
