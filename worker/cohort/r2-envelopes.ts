import type { Envelopes } from '../../shared/cohort/ports.ts';
import { archiveRound } from './archive-round.ts';

/** Envelopes that are too large for a row lie in R2, and so does the archive of folded rounds. */
export const r2Envelopes = (bucket: R2Bucket, folderOf: (round: number) => string): Envelopes => ({
  read: async ({ lease, place }, offset, bytes) => {
    if ('bytes' in place) return place.bytes.subarray(offset, offset + bytes);
    const stored = await bucket.get(place.key, { range: { offset, length: bytes } });
    if (!stored) throw new Error(`the kept update of lease ${lease} is missing`);
    return new Uint8Array(await stored.arrayBuffer());
  },
  archive: (round, updates) => archiveRound(bucket, folderOf(round), updates),
});
