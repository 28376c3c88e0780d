import type { SumStore } from '../../shared/cohort/ports.ts';
import type { Bucket } from '../storage/bucket.ts';
import { bucketInTime } from '../storage/bucket-in-time.ts';

/** A bucket deletes no more at a time. */
const MAX_DELETED = 1_000;

/** Sums that one cohort hands to another lie in the bucket until that one has folded. */
export const bucketSums = (bucket: Bucket, folder: string): SumStore => ({
  keep: async ({ round, segment, shard }, bytes) => {
    const key = `${folder}/${round}/${segment}/${shard}`;
    await bucketInTime(bucket.put(key, bytes));
    return key;
  },
  read: key => bucketInTime(readSum(bucket, key)),
  drop: async keys => {
    for (let start = 0; start < keys.length; start += MAX_DELETED)
      await bucketInTime(bucket.delete(keys.slice(start, start + MAX_DELETED)));
  },
});

async function readSum(bucket: Bucket, key: string): Promise<Uint8Array> {
  const stored = await bucket.get(key);
  if (!stored) throw new Error(`the sum ${key} is missing`);
  return new Uint8Array(await stored.arrayBuffer());
}
