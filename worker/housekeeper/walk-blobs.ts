import { inTime } from '../in-time.ts';
import { ownersOf } from '../storage/blob-names.ts';
import { dropBlob, isUpload, markOf, shaOf } from '../storage/blobs.ts';
import type { Bucket, ListedObject } from '../storage/bucket.ts';
import { bucketInTime } from '../storage/bucket-in-time.ts';
import type { Counted } from './usage-table.ts';

/** A turn looks at so many blobs. */
const BLOBS_A_TURN = 100;

/** An upload that is broken off may go on for so long. A run or a data set names it after that, or nobody does. */
const ORPHAN_AFTER_MS = 86_400_000;

/** In place of the name of a run, in the mark of an upload that nobody names. No run has such a name. */
const NOBODY = 'nobody';

const LONGEST_CALL_MS = 30_000;

interface WalkPorts {
  readonly bucket: Bucket;
  readonly database: D1Database;
}

/**
 * Looks at a page of all blobs: tells whose they are, and lets go of uploads that neither a run nor a data set names. Such
 * a one is marked first. A host who asks for it meanwhile uploads it anew, which takes the mark. It goes when a later walk
 * finds it marked still. So does one that a deletion has marked and could not come back to.
 * @returns the cursor of the next page; null after the last
 */
export async function walkBlobs(
  { bucket, database }: WalkPorts,
  cursor: string | null,
  now: number,
): Promise<{ readonly counted: Counted[]; readonly cursor: string | null }> {
  const page = await bucketInTime(
    bucket.list({
      ...{ prefix: 'blobs/', limit: BLOBS_A_TURN, include: ['customMetadata'] },
      ...(cursor !== null && { cursor }),
    }),
  );
  const there = page.objects.filter(({ size }) => size > 0);
  const names = there.map(({ key }) => shaOf(key));
  const owners = await inTime(ownersOf(database, names), LONGEST_CALL_MS);
  const counted: Counted[] = [];
  for (const blob of there) {
    const one = countedAs(blob, owners.get(shaOf(blob.key)) ?? null);
    counted.push(one);
    if (one.kind === 'orphans' && isDue(blob, now))
      await bucketInTime(
        dropBlob(bucket, shaOf(blob.key), { run: markOf(blob) ?? NOBODY, isNamed: false, now }),
      );
  }
  return { counted, cursor: page.truncated ? page.cursor : null };
}

const isDue = (blob: ListedObject, now: number): boolean =>
  markOf(blob) === NOBODY || blob.uploaded.getTime() < now - ORPHAN_AFTER_MS;

function countedAs(blob: ListedObject, owner: string | null): Counted {
  const amount = { bytes: blob.size, objects: 1 };
  if (owner !== null) return { owner, kind: 'uploads', ...amount };
  const mark = markOf(blob);
  if (isUpload(blob)) return { owner: '', kind: 'orphans', ...amount };
  return mark === undefined
    ? { owner: '', kind: 'others', ...amount }
    : { owner: `run ${mark}`, kind: 'shards', ...amount };
}
