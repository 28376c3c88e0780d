import { inTime } from '../in-time.ts';

/**
 * No call of a bucket takes longer whose object is held in memory: a shard, a sum, or an object of an archive, of some megabytes
 * at most. R2 on a full disk takes what it is given and never replies, also after the disk has room again.
 */
const LONGEST_CALL_MS = 30_000;

/**
 * The call, which fails if it does not come back. It may still be done later, so only what is safe to repeat goes this way.
 * @throws LateError
 */
export const bucketInTime = <P extends Promise<unknown>>(call: P): Promise<Awaited<P>> =>
  inTime(call, LONGEST_CALL_MS);
