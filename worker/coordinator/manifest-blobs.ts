import type { Manifest } from '../../shared/protocol/model-outline.ts';

/** Shards, and what the outer optimizer keeps. */
export const manifestBlobs = (manifest: Manifest | null): string[] =>
  Object.values(manifest?.segments ?? {}).flatMap(({ shards, slots = {} }) =>
    [...shards, ...Object.values(slots).flat()].flatMap(file => file?.sha256 ?? []),
  );
