import type { StoredUpdate } from './cohort-store.ts';

/** The envelope's bytes, from its row or from R2. */
export async function readEnvelope(
  bucket: R2Bucket,
  { lease, envelope, object }: StoredUpdate,
): Promise<Uint8Array> {
  if (envelope) return new Uint8Array(envelope);
  const stored = object === null ? null : await bucket.get(object);
  if (!stored) throw new Error(`the kept update of lease ${lease} is missing`);
  return new Uint8Array(await stored.arrayBuffer());
}
