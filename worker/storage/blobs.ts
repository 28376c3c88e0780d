import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';

/** Blobs in R2: immutable, named by their SHA-256. */

const keyOf = (sha256: string): string => `blobs/${sha256}`;

/** Stores bytes under their hash, which R2 checks. To store the same again changes nothing. */
export async function putBlob(bucket: R2Bucket, sha256: string, bytes: Uint8Array): Promise<Result<true>> {
  if (await bucket.head(keyOf(sha256))) return accepted(true);
  try {
    await bucket.put(keyOf(sha256), bytes, { sha256, onlyIf: { etagDoesNotMatch: '*' } });
    return accepted(true);
  } catch (error) {
    // R2 throws if the hash does not match. Only the text of the error tells this from a failure.
    if (error instanceof Error && /SHA-256|checksum|10037/i.test(error.message)) return refused('wrong-hash');
    throw error;
  }
}

export const getBlob = (bucket: R2Bucket, sha256: string): Promise<R2ObjectBody | null> =>
  bucket.get(keyOf(sha256));

/** What is known of a blob without its bytes. */
export const headBlob = (bucket: R2Bucket, sha256: string): Promise<R2Object | null> =>
  bucket.head(keyOf(sha256));

export const hasBlob = async (bucket: R2Bucket, sha256: string): Promise<boolean> =>
  (await headBlob(bucket, sha256)) !== null;

/** @throws if the blob is missing: whoever asks holds a reference that was checked when it was made */
export async function readBlob(bucket: R2Bucket, sha256: string): Promise<Uint8Array> {
  const blob = await getBlob(bucket, sha256);
  if (!blob) throw new Error(`blob ${sha256} is missing`);
  return new Uint8Array(await blob.arrayBuffer());
}
