import type { KeptUpdate } from '../../shared/cohort/ports.ts';
import { concatBytes } from '../../shared/math/bytes.ts';
import type { Bucket } from '../storage/bucket.ts';
import { bucketInTime } from '../storage/bucket-in-time.ts';

/** An archive object is closed once it has so many bytes, so that memory holds two of that size at most. */
const ARCHIVE_BYTES = 4_000_000;

/** Where an archived envelope lies: a whole object of the bucket, or so many bytes of one. */
export type ArchivedEnvelope =
  | { readonly lease: string; readonly key: string }
  | { readonly lease: string; readonly key: string; readonly offset: number; readonly bytes: number };

/**
 * A closed round's envelopes as they came, in the order of acceptance, for replay. Those that lay in rows are put into
 * objects `key/n`, each with its length before it as a little-endian u32. A large envelope lies in the bucket already. If a round
 * has one, `key/index` says of all of them where they lie, as a JSON list of `ArchivedEnvelope`. It is written last.
 */
export async function archiveRound(
  bucket: Bucket,
  key: string,
  updates: Iterable<KeptUpdate>,
): Promise<void> {
  const index: ArchivedEnvelope[] = [];
  let chunk: Uint8Array[] = [];
  let bytes = 0;
  let number = 0;
  const flush = async (): Promise<void> => {
    if (bytes > 0) await bucketInTime(bucket.put(`${key}/${number++}`, concatBytes(chunk)));
    chunk = [];
    bytes = 0;
  };
  for (const { lease, place } of updates) {
    if ('key' in place) {
      index.push({ lease, key: place.key });
      continue;
    }
    const { length } = place.bytes;
    chunk.push(lengthOf(place.bytes), place.bytes);
    index.push({ lease, key: `${key}/${number}`, offset: bytes + 4, bytes: length });
    bytes += 4 + length;
    if (bytes >= ARCHIVE_BYTES) await flush();
  }
  await flush();
  if (index.some(envelope => !('offset' in envelope)))
    await bucketInTime(bucket.put(`${key}/index`, JSON.stringify(index)));
}

function lengthOf(envelope: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, envelope.length, true);
  return length;
}
