import type { UpdateSketch } from '../../shared/aggregation/update-sketch.ts';
import { type PassedUpdate, StreamedCheck } from '../../shared/cohort/check-stream.ts';
import type { LeaseClaims } from '../../shared/protocol/lease.ts';
import { type Result, refused } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import type { Bucket } from '../storage/bucket.ts';
import { bucketInTime } from '../storage/bucket-in-time.ts';
import { platformHash } from '../storage/platform-hash.ts';

/**
 * Checks an envelope that lies in the bucket, while it passes by. Memory holds a chunk of it, and its values if they are wanted.
 * @returns `malformed` if it is not there: then whoever sent it broke off
 */
export async function checkStored(
  bucket: Bucket,
  key: string,
  config: RunConfig,
  claims: LeaseClaims,
  keepsValues: boolean,
  sketch: UpdateSketch | null,
): Promise<Result<PassedUpdate>> {
  const stored = await bucketInTime(bucket.get(key));
  if (!stored) return refused('malformed', 'the update was not stored');
  const check = new StreamedCheck(config, claims, platformHash, keepsValues, sketch);
  for await (const chunk of stored.body) {
    const refusal = await check.add(chunk);
    if (refusal) return refusal;
  }
  return check.end();
}
