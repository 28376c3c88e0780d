import { sha256Hex } from '../../shared/math/sha256.ts';
import type { ShardRef } from '../../shared/protocol/model-outline.ts';
import { putBlob } from '../storage/blobs.ts';

/** Stores a new shard under its hash. */
export async function publishShard(bucket: R2Bucket, bytes: Uint8Array): Promise<ShardRef> {
  const sha256 = sha256Hex(bytes);
  const stored = await putBlob(bucket, sha256, bytes);
  if (!stored.ok) throw new Error(`R2 does not take shard ${sha256}: ${stored.reason}`);
  return { sha256, bytes: bytes.length };
}
