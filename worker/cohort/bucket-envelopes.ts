import type { Envelopes, KeptUpdate } from '../../shared/cohort/ports.ts';
import type { Bucket, ByteRange } from '../storage/bucket.ts';
import { bucketInTime } from '../storage/bucket-in-time.ts';
import { archiveRound } from './archive-round.ts';

/** Envelopes that are too large for a row lie in the bucket, and so does the archive of folded rounds. */
export const bucketEnvelopes = (bucket: Bucket, folderOf: (round: number) => string): Envelopes => ({
  read: async (update, offset, bytes) => {
    const { place } = update;
    if ('bytes' in place) return place.bytes.subarray(offset, offset + bytes);
    return bucketInTime(readStored(bucket, update, place.key, { offset, length: bytes }));
  },
  archive: (round, updates) => archiveRound(bucket, folderOf(round), updates),
});

async function readStored(
  bucket: Bucket,
  { lease }: KeptUpdate,
  key: string,
  range: ByteRange,
): Promise<Uint8Array> {
  const stored = await bucket.get(key, { range });
  if (!stored) throw new Error(`the kept update of lease ${lease} is missing`);
  return new Uint8Array(await stored.arrayBuffer());
}
