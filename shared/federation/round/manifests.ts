import type { Manifest } from '../../protocol/model-outline.ts';

/** The hashes of these segments' shards, as the ledger tells them. */
export const hashesOf = (manifest: Manifest, segments: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(
    segments.map(id => [id, manifest.segments[id]?.shards.map(({ sha256 }) => sha256) ?? []]),
  );

/** The same of the segments that are not as they were before. */
export function changedHashes(before: Manifest, after: Manifest): Record<string, string[]> {
  const of = (manifest: Manifest, id: string): string => JSON.stringify(manifest.segments[id]);
  return hashesOf(
    after,
    Object.keys(after.segments).filter(id => of(before, id) !== of(after, id)),
  );
}
