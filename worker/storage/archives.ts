import * as z from 'zod';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { ArchivePiece } from '../../shared/protocol/messages.ts';

/** Archived envelopes of folded rounds in R2: numbered objects, immutable, in a folder of their run, role and round. */

export interface ArchivePlace {
  readonly run: string;
  readonly role: Role;
  readonly round: number;
}

/** In it each round of the role has a folder. */
export const archiveFolder = (run: string, role: Role): string => `archive/${run}/${role}`;

const roundFolder = ({ run, role, round }: ArchivePlace): string => `${archiveFolder(run, role)}/${round}/`;

/**
 * An envelope as the index of a round tells it: so many bytes of a numbered object, or an object of its own. A large one
 * lay in R2 before, under a key outside the round's folder. A round has an index if it has such a one.
 */
const indexSchema = z.array(
  z.object({
    key: z.string(),
    offset: z.number().int().nonnegative().optional(),
    bytes: z.number().int().nonnegative().optional(),
  }),
);
type Index = z.infer<typeof indexSchema>;

/** Before each envelope in a numbered object stands its length. */
const LENGTH_BYTES = 4;

const INDEX = 'index';

const readIndex = (bucket: R2Bucket, place: ArchivePlace): Promise<Index | null> =>
  readIndexAt(bucket, roundFolder(place) + INDEX);

async function readIndexAt(bucket: R2Bucket, key: string): Promise<Index | null> {
  const stored = await bucket.get(key);
  return stored && indexSchema.parse(await stored.json());
}

/** The pieces that make up a round, in the order of acceptance; none if nothing is archived. */
export async function listArchive(bucket: R2Bucket, place: ArchivePlace): Promise<ArchivePiece[]> {
  const index = await readIndex(bucket, place);
  return index ? piecesOf(index) : listObjects(bucket, roundFolder(place));
}

async function listObjects(bucket: R2Bucket, prefix: string): Promise<ArchivePiece[]> {
  const found: ArchivePiece[] = [];
  let cursor: string | undefined;
  do {
    const page: R2Objects = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    for (const { key, size } of page.objects) {
      const name = key.slice(prefix.length);
      if (/^\d+$/.test(name)) found.push({ number: Number(name), offset: 0, bytes: size });
    }
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  // R2 lists 10 before 2.
  return found.sort((a, b) => a.number - b.number);
}

const numberIn = (key: string): number => Number(key.slice(key.lastIndexOf('/') + 1));

/** Envelopes in objects of their own are numbered after all others, in their order. */
function piecesOf(index: Index): ArchivePiece[] {
  const pieces: { number: number; offset: number; bytes?: number }[] = [];
  let next = countNumbered(index);
  for (const { key, offset, bytes } of index) {
    const last = pieces.at(-1);
    if (offset === undefined || bytes === undefined) pieces.push({ number: next++, offset: 0 });
    else if (last?.bytes !== undefined && last.number === numberIn(key)) last.bytes += LENGTH_BYTES + bytes;
    else pieces.push({ number: numberIn(key), offset: offset - LENGTH_BYTES, bytes: LENGTH_BYTES + bytes });
  }
  return pieces;
}

const countNumbered = (index: Index): number =>
  1 + Math.max(-1, ...index.flatMap(({ key, offset }) => (offset === undefined ? [] : [numberIn(key)])));

/** The key of an object by its number. Only the index says where one of its own lies. */
async function keyOf(bucket: R2Bucket, place: ArchivePlace, number: number): Promise<string> {
  const index = await readIndex(bucket, place);
  const own = index?.filter(({ offset }) => offset === undefined) ?? [];
  return own[number - countNumbered(index ?? [])]?.key ?? roundFolder(place) + number;
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
  const key = await keyOf(bucket, place, number);
  if (range && range.offset > 0) {
    // Asked for such a range, R2 fails, and nothing tells that from other failures.
    const known = await bucket.head(key);
    if (known && range.offset >= known.size) return 'beyond';
  }
  return bucket.get(key, range ? { range } : {});
}

/** What is known of an object without its bytes. */
export const headArchived = async (
  bucket: R2Bucket,
  place: ArchivePlace,
  number: number,
): Promise<R2Object | null> => bucket.head(await keyOf(bucket, place, number));

/**
 * Deletes objects of archives, and the large envelopes of which an index among them tells. Those go first, so it is safe
 * to repeat.
 * @returns how many objects went
 */
export async function deleteArchived(bucket: R2Bucket, keys: readonly string[]): Promise<number> {
  let large = 0;
  for (const key of keys.filter(name => name.endsWith(`/${INDEX}`))) {
    const own = (await readIndexAt(bucket, key))?.filter(({ offset }) => offset === undefined) ?? [];
    if (own.length > 0) await bucket.delete(own.map(envelope => envelope.key));
    large += own.length;
  }
  if (keys.length > 0) await bucket.delete([...keys]);
  return large + keys.length;
}
