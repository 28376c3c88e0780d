import type { SumStore } from '../../shared/cohort/ports.ts';
import { r2InTime } from '../storage/r2-in-time.ts';

/** R2 deletes no more at a time. */
const MAX_DELETED = 1_000;

/** Sums that one cohort hands to another lie in R2 until that one has folded. */
export const r2Sums = (bucket: R2Bucket, folder: string): SumStore => ({
  keep: async ({ round, segment, shard }, bytes) => {
    const key = `${folder}/${round}/${segment}/${shard}`;
    await r2InTime(bucket.put(key, bytes));
    return key;
  },
  read: key => r2InTime(readSum(bucket, key)),
  drop: async keys => {
    for (let start = 0; start < keys.length; start += MAX_DELETED)
      await r2InTime(bucket.delete(keys.slice(start, start + MAX_DELETED)));
  },
});

async function readSum(bucket: R2Bucket, key: string): Promise<Uint8Array> {
  const stored = await bucket.get(key);
  if (!stored) throw new Error(`the sum ${key} is missing`);
  return new Uint8Array(await stored.arrayBuffer());
}
