import { inTime } from '../in-time.ts';
import { runOwner } from '../storage/blob-names.ts';
import type { Bucket } from '../storage/bucket.ts';
import { bucketInTime } from '../storage/bucket-in-time.ts';
import { runAfter } from '../storage/directory.ts';
import type { Counted } from './usage-table.ts';

/** What a run has beside its blobs. */
const KINDS = ['archive', 'envelopes', 'sums'] as const;

const LONGEST_CALL_MS = 30_000;

/** How far a walk through the folders of all runs has come. */
export interface FolderPlace {
  readonly run: string;
  readonly kind: number;
  readonly cursor: string | null;
}

interface WalkPorts {
  readonly bucket: Bucket;
  readonly database: D1Database;
}

/**
 * Counts a page of what a run has beside its blobs.
 * @param place null to begin with the first run
 * @returns the place of the next page; null after the last
 */
export async function walkFolders(
  { bucket, database }: WalkPorts,
  place: FolderPlace | null,
): Promise<{ readonly counted: Counted[]; readonly next: FolderPlace | null }> {
  if (place === null || place.kind >= KINDS.length) {
    const run = await inTime(runAfter(database, place?.run ?? ''), LONGEST_CALL_MS);
    return { counted: [], next: run === null ? null : { run, kind: 0, cursor: null } };
  }
  const { run, kind, cursor } = place;
  const prefix = `${KINDS[kind]}/${run}/`;
  const page = await bucketInTime(bucket.list({ prefix, ...(cursor !== null && { cursor }) }));
  const bytes = page.objects.reduce((sum, { size }) => sum + size, 0);
  const counted: Counted = {
    ...{ owner: runOwner(run), kind: 'archives', bytes, objects: page.objects.length },
  };
  return {
    counted: counted.objects > 0 ? [counted] : [],
    next: page.truncated ? { ...place, cursor: page.cursor } : { run, kind: kind + 1, cursor: null },
  };
}
