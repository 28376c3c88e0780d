import type { Role } from '../../shared/protocol/identifiers.ts';
import type { ArchiveObject } from '../../shared/protocol/messages.ts';

/** Archived envelopes of folded rounds in R2: numbered objects, immutable, in a folder of their run, role and round. */

export interface ArchivePlace {
  readonly run: string;
  readonly role: Role;
  readonly round: number;
}

/** In it each round of the role has a folder. */
export const archiveFolder = (run: string, role: Role): string => `archive/${run}/${role}`;

const roundFolder = ({ run, role, round }: ArchivePlace): string => `${archiveFolder(run, role)}/${round}/`;

/** The objects of a round in their order; none if nothing is archived. */
export async function listArchive(bucket: R2Bucket, place: ArchivePlace): Promise<ArchiveObject[]> {
  const prefix = roundFolder(place);
  const found: ArchiveObject[] = [];
  let cursor: string | undefined;
  do {
    const page: R2Objects = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    for (const { key, size } of page.objects) {
      const name = key.slice(prefix.length);
      if (/^\d+$/.test(name)) found.push({ number: Number(name), bytes: size });
    }
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  // R2 lists 10 before 2.
  return found.sort((a, b) => a.number - b.number);
}

/** Some bytes, from an offset on. */
export interface ByteRange {
  readonly offset: number;
  readonly length?: number;
}

/**
 * An object, or the range of it.
 * @returns null if it is not there; 'beyond' if the range begins behind its end
 */
export async function getArchived(
  bucket: R2Bucket,
  place: ArchivePlace,
  number: number,
  range?: ByteRange,
): Promise<R2ObjectBody | null | 'beyond'> {
  if (range && range.offset > 0) {
    // Asked for such a range, R2 fails, and nothing tells that from other failures.
    const known = await headArchived(bucket, place, number);
    if (known && range.offset >= known.size) return 'beyond';
  }
  return bucket.get(roundFolder(place) + number, range ? { range } : {});
}

/** What is known of an object without its bytes. */
export const headArchived = (
  bucket: R2Bucket,
  place: ArchivePlace,
  number: number,
): Promise<R2Object | null> => bucket.head(roundFolder(place) + number);
