import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { Bucket, ListedObject, PutCondition, StoredBody, StoredObject } from './bucket.ts';

/**
 * Blobs in the bucket: immutable, named by their SHA-256. Runs share them, since the same bytes have one name.
 *
 * [SWEEP4] A shard that a run made may be swept when the run needs it no more. It bears the run's mark until then. Whoever else
 * refers to a marked blob stores it anew without the mark first, and so nobody ever sweeps it. What is swept leaves an
 * empty object in its place. The bucket writes that only if the blob was not stored anew meanwhile, which a deletion could not
 * ask for.
 *
 * [KEY7] A blob that a host uploaded says so, as long as no run has made the same bytes. Only such a one goes with the run that
 * names it: of one that says nothing, nobody knows who refers to it.
 */

/** Nobody sweeps what was stored within this time. A fold stores its shards before a version names them. */
export const SWEEP_GRACE_MS = 3_600_000;

const keyOf = (sha256: string): string => `blobs/${sha256}`;

/** The name of the blob that lies there. */
export const shaOf = (key: string): string => key.slice(keyOf('').length);

/** No blob is empty: what is swept is as if it were not there. */
const isSwept = ({ size }: StoredObject): boolean => size === 0;

type Marked = Pick<ListedObject, 'customMetadata'>;

/** The run that may sweep it. */
export const markOf = ({ customMetadata }: Marked): string | undefined => customMetadata?.run;

/** Nothing lies there. */
const IF_NEW: PutCondition = { etagDoesNotMatch: '*' };

const UPLOADED = { uploaded: 'yes' } as const;

/** Whether a host uploaded it, and no run has made the same. */
export const isUpload = ({ customMetadata }: Marked): boolean =>
  customMetadata?.uploaded === UPLOADED.uploaded;

/**
 * Stores bytes under their hash, which the bucket checks. To store the same again changes nothing, except that nobody's mark
 * stays on it.
 */
export const putBlob = (bucket: Bucket, sha256: string, bytes: Uint8Array): Promise<Result<true>> =>
  checked(async () => {
    const options = { sha256, customMetadata: UPLOADED, onlyIf: IF_NEW };
    const stored = await bucket.put(keyOf(sha256), bytes, options);
    if (stored === null) await takeMark(bucket, sha256, bytes);
  });

/**
 * The same for bytes that are not held in memory. They pass by once, so the bucket is asked first whether the blob is there.
 */
export async function putStream(
  bucket: Bucket,
  sha256: string,
  bytes: ReadableStream,
): Promise<Result<true>> {
  if (!(await claimBlob(bucket, sha256)))
    return checked(
      async () => void (await bucket.put(keyOf(sha256), bytes, { sha256, customMetadata: UPLOADED })),
    );
  // Whoever sends hears nothing before all is read.
  await bytes.pipeTo(new WritableStream());
  return accepted(true);
}

/** The same for a shard that this run has made. If nobody had it before, the run may sweep it one day. */
export const putShard = (
  bucket: Bucket,
  sha256: string,
  bytes: Uint8Array,
  run: string,
): Promise<Result<true>> =>
  checked(async () => {
    const options = { sha256, customMetadata: { run } };
    const stored = await bucket.put(keyOf(sha256), bytes, { ...options, onlyIf: IF_NEW });
    if (stored !== null) return;
    const there = await bucket.head(keyOf(sha256));
    if (!there || isSwept(there) || isUpload(there) || markOf(there) !== run)
      return keepForGood(bucket, sha256, bytes);
    // Stored anew, it is young again: a sweep that is under way passes over it. Unless somebody took the mark meanwhile.
    const uploadedBefore = new Date(there.uploaded.getTime() + 1);
    await bucket.put(keyOf(sha256), bytes, { ...options, onlyIf: { uploadedBefore } });
  });

/** Stores a blob anew if it bears a mark or was swept. From here on it stays. */
async function takeMark(bucket: Bucket, sha256: string, bytes: Uint8Array): Promise<void> {
  const there = await bucket.head(keyOf(sha256));
  if (!there || isSwept(there) || markOf(there) !== undefined)
    await bucket.put(keyOf(sha256), bytes, { sha256, ...unmarked(there) });
}

/** An upload stays one. */
const unmarked = (there: StoredObject | null) =>
  there && isUpload(there) && !isSwept(there) ? { customMetadata: UPLOADED } : {};

/** The same of an upload: from here on nobody knows who refers to it. */
async function keepForGood(bucket: Bucket, sha256: string, bytes: Uint8Array): Promise<void> {
  const there = await bucket.head(keyOf(sha256));
  if (there && isUpload(there) && !isSwept(there)) await bucket.put(keyOf(sha256), bytes, { sha256 });
  else await takeMark(bucket, sha256, bytes);
}

async function checked(put: () => Promise<void>): Promise<Result<true>> {
  try {
    await put();
    return accepted(true);
  } catch (error) {
    // A bucket throws if the hash does not match. Only the text of the error tells this from a failure.
    if (error instanceof Error && /SHA-256|checksum|10037/i.test(error.message)) return refused('wrong-hash');
    throw error;
  }
}

/** Whether the blob is there. If it is, it stays: no run may sweep it any more. */
export async function claimBlob(bucket: Bucket, sha256: string): Promise<boolean> {
  const there = await headBlob(bucket, sha256);
  if (!there) return false;
  if (markOf(there) === undefined) return true;
  const blob = await getBlob(bucket, sha256);
  if (!blob) return false;
  await bucket.put(keyOf(sha256), new Uint8Array(await blob.arrayBuffer()), { sha256, ...unmarked(there) });
  return true;
}

/**
 * Sweeps a shard that this run made and refers to no more, unless anybody else refers to it.
 * @returns `young` if it was stored within the grace, so that it has to be looked at again
 */
export async function sweepShard(
  bucket: Bucket,
  sha256: string,
  run: string,
  now: number,
): Promise<'swept' | 'kept' | 'young'> {
  const there = await headBlob(bucket, sha256);
  if (!there || markOf(there) !== run) return 'kept';
  const uploadedBefore = new Date(now - SWEEP_GRACE_MS);
  if (there.uploaded >= uploadedBefore) return 'young';
  const swept = await bucket.put(keyOf(sha256), '', {
    onlyIf: { uploadedBefore },
    customMetadata: { swept: run },
  });
  return swept === null ? 'young' : 'swept';
}

/**
 * [KEY7] Lets go of a blob that a deleted run made or named.
 *
 * A shard that the run made goes at once, if it bears the run's mark. An upload gets the mark first, and goes after the
 * grace: a host who has asked meanwhile whether it is there names it by then, or stores it anew, which takes the mark.
 * @param isNamed whether another run or a data set names it
 * @returns `later` if it is to be looked at again after the grace
 */
export async function dropBlob(
  bucket: Bucket,
  sha256: string,
  { run, isNamed, now }: { readonly run: string; readonly isNamed: boolean; readonly now: number },
): Promise<'done' | 'later'> {
  const there = await headBlob(bucket, sha256);
  if (!there) return 'done';
  const mark = markOf(there);
  if (!isUpload(there)) {
    if (mark === run) await sweepShard(bucket, sha256, run, there.uploaded.getTime() + SWEEP_GRACE_MS + 1);
    return 'done';
  }
  if (isNamed || (mark !== undefined && mark !== run)) return 'done';
  if (mark === run) return (await sweepShard(bucket, sha256, run, now)) === 'young' ? 'later' : 'done';
  const blob = await getBlob(bucket, sha256);
  const onlyIf = { uploadedBefore: new Date(there.uploaded.getTime() + 1) };
  const customMetadata = { ...UPLOADED, run };
  if (blob)
    await bucket.put(keyOf(sha256), new Uint8Array(await blob.arrayBuffer()), {
      sha256,
      customMetadata,
      onlyIf,
    });
  return 'later';
}

/** Those of the list that a host is to upload: they are not there, or may go soon. */
export async function lackingBlobs(bucket: Bucket, names: readonly string[]): Promise<string[]> {
  const there = await Promise.all(names.map(sha256 => headBlob(bucket, sha256)));
  return names.filter((_, i) => {
    const blob = there[i];
    return !blob || markOf(blob) !== undefined;
  });
}

export async function getBlob(bucket: Bucket, sha256: string): Promise<StoredBody | null> {
  const blob = await bucket.get(keyOf(sha256));
  return blob && !isSwept(blob) ? blob : null;
}

/** What is known of a blob without its bytes. */
export async function headBlob(bucket: Bucket, sha256: string): Promise<StoredObject | null> {
  const blob = await bucket.head(keyOf(sha256));
  return blob && !isSwept(blob) ? blob : null;
}

export const hasBlob = async (bucket: Bucket, sha256: string): Promise<boolean> =>
  (await headBlob(bucket, sha256)) !== null;

/** @throws if the blob is missing: whoever asks holds a reference that was checked when it was made */
export async function readBlob(bucket: Bucket, sha256: string): Promise<Uint8Array> {
  const blob = await getBlob(bucket, sha256);
  if (!blob) throw new Error(`blob ${sha256} is missing`);
  return new Uint8Array(await blob.arrayBuffer());
}
