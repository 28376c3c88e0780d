import type { Envelopes, KeptUpdate } from '../../shared/cohort/ports.ts';
import { r2InTime } from '../storage/r2-in-time.ts';
import { archiveRound } from './archive-round.ts';

/** Envelopes that are too large for a row lie in R2, and so does the archive of folded rounds. */
export const r2Envelopes = (bucket: R2Bucket, folderOf: (round: number) => string): Envelopes => ({
  read: async (update, offset, bytes) => {
    const { place } = update;
    if ('bytes' in place) return place.bytes.subarray(offset, offset + bytes);
    return r2InTime(readStored(bucket, update, place.key, { offset, length: bytes }));
  },
  archive: (round, updates) => archiveRound(bucket, folderOf(round), updates),
});

async function readStored(
  bucket: R2Bucket,
  { lease }: KeptUpdate,
  key: string,
  range: R2Range,
): Promise<Uint8Array> {
  const stored = await bucket.get(key, { range });
  if (!stored) throw new Error(`the kept update of lease ${lease} is missing`);
  return new Uint8Array(await stored.arrayBuffer());
}
