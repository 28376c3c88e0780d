import type { Envelopes, KeptUpdate } from '../../shared/cohort/ports.ts';
import { archiveRound } from './archive-round.ts';

/** Envelopes that are too large for a row lie in R2, and so does the archive of folded rounds. */
export const r2Envelopes = (bucket: R2Bucket, archive: string): Envelopes => {
  const read = (update: KeptUpdate): Promise<Uint8Array> => readEnvelope(bucket, update);
  return {
    read,
    archive: (round, updates) => archiveRound(bucket, `${archive}/${round}`, updates, read),
    drop: keys => bucket.delete([...keys]),
  };
};

async function readEnvelope(bucket: R2Bucket, { lease, place }: KeptUpdate): Promise<Uint8Array> {
  if ('bytes' in place) return place.bytes;
  const stored = await bucket.get(place.key);
  if (!stored) throw new Error(`the kept update of lease ${lease} is missing`);
  return new Uint8Array(await stored.arrayBuffer());
}
