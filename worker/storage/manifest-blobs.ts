import type { FoldedRole } from '../../shared/protocol/cohort-report.ts';
import type { Manifest, ShardRef, Slots } from '../../shared/protocol/model-outline.ts';

/** Shards, and what the outer optimizer keeps. */
export const manifestBlobs = (manifest: Manifest | null): string[] =>
  Object.values(manifest?.segments ?? {}).flatMap(({ shards, slots = {} }) => blobsOf(shards, slots));

/** The same of one segment. */
const blobsOf = (shards: readonly ShardRef[], slots: Slots): string[] =>
  [...shards, ...Object.values(slots).flat()].flatMap(file => file?.sha256 ?? []);

/** The same of what a cohort made of a round. */
export const foldBlobs = ({ segments, slots = {} }: Pick<FoldedRole, 'segments' | 'slots'>): string[] => [
  ...Object.values(segments).flatMap(shards => blobsOf(shards, {})),
  ...Object.values(slots).flatMap(own => blobsOf([], own)),
];
