import * as z from 'zod';
import type { Role } from '../../shared/protocol/identifiers.ts';
import { listOf } from '../../shared/protocol/list-of.ts';
import type { ArchivePiece } from '../../shared/protocol/messages.ts';
import type { Bucket, ByteRange, ListedObject, ListedPage, StoredBody, StoredObject } from './bucket.ts';

/**
 * Archived envelopes of folded rounds in the bucket: numbered objects, immutable, in a folder of their run, role and round. There
 * cohort 0 has its objects, and each further cohort has a folder of its own. To a reader they are the numbered objects of
 * one archive, for whoever recomputes a round needs not know who took which update.
 */

export interface ArchivePlace {
  readonly run: string;
  readonly role: Role;
  readonly round: number;
}

/** Of one of the role's cohorts. */
interface CohortPlace extends ArchivePlace {
  readonly cohort: number;
}

export const archiveFolder = ({ run, role, round, cohort }: CohortPlace): string =>
  `archive/${run}/${role}/${round}${cohort === 0 ? '' : `/cohort-${cohort}`}`;

/** A reader finds object n of cohort k as k · 10,000 + n. No cohort archives as many of a round. */
const OBJECTS_A_COHORT = 10_000;

/**
 * An envelope as the index of a round tells it: so many bytes of a numbered object, or an object of its own. A large one
 * lay in the bucket before, under a key outside the round's folder. A round has an index if it has such a one.
 */
const indexSchema = listOf(
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

const readIndex = (bucket: Bucket, place: CohortPlace): Promise<Index | null> =>
  readIndexAt(bucket, `${archiveFolder(place)}/${INDEX}`);

/** Null if there is none. @throws DamagedIndexError */
async function readIndexAt(bucket: Bucket, key: string): Promise<Index | null> {
  const stored = await bucket.get(key);
  if (!stored) return null;
  const index = readIndexText(await stored.text());
  if (!index) throw new DamagedIndexError(key);
  return index;
}

/** Null if the text is no index. */
export function readIndexText(text: string): Index | null {
  try {
    return indexSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** An index that no cohort has written so. To ask again would not mend it. */
export class DamagedIndexError extends Error {
  constructor(key: string) {
    super(`the index ${key} does not say where updates lie`);
    this.name = 'DamagedIndexError';
  }
}

/** The pieces that make up a round, cohort by cohort in the order of acceptance; none if nothing is archived. */
export async function listArchive(bucket: Bucket, place: ArchivePlace): Promise<ArchivePiece[]> {
  const pieces: ArchivePiece[] = [];
  const first = await listFolder(bucket, { ...place, cohort: 0 });
  for (const cohort of [0, ...first.cohorts]) {
    const at = { ...place, cohort };
    const folder = cohort === 0 ? first : await listFolder(bucket, at);
    const index = folder.hasIndex ? await readIndex(bucket, at) : null;
    for (const piece of index ? piecesOf(index) : folder.objects)
      pieces.push({ ...piece, number: cohort * OBJECTS_A_COHORT + piece.number });
  }
  return pieces;
}

interface Folder {
  /** The numbered objects. */
  readonly objects: readonly ArchivePiece[];
  readonly hasIndex: boolean;
  /** Further cohorts with a folder in this one. */
  readonly cohorts: readonly number[];
}

async function listFolder(bucket: Bucket, place: CohortPlace): Promise<Folder> {
  const prefix = `${archiveFolder(place)}/`;
  const objects: ListedObject[] = [];
  const folders: string[] = [];
  let cursor: string | undefined;
  do {
    const page: ListedPage = await bucket.list({ prefix, delimiter: '/', ...(cursor ? { cursor } : {}) });
    objects.push(...page.objects);
    folders.push(...page.delimitedPrefixes);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  const named = objects.map(({ key, size }) => ({ name: key.slice(prefix.length), size }));
  return {
    // A bucket lists 10 before 2.
    objects: named
      .filter(({ name }) => /^\d+$/.test(name))
      .map(({ name, size }) => ({ number: Number(name), offset: 0, bytes: size }))
      .sort((a, b) => a.number - b.number),
    hasIndex: named.some(({ name }) => name === INDEX),
    cohorts: folders
      .flatMap(name => /\/cohort-(\d+)\/$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b),
  };
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
async function keyOf(bucket: Bucket, place: ArchivePlace, number: number): Promise<string> {
  const at = { ...place, cohort: Math.floor(number / OBJECTS_A_COHORT) };
  const ownNumber = number % OBJECTS_A_COHORT;
  const index = await readIndex(bucket, at);
  const own = index?.filter(({ offset }) => offset === undefined) ?? [];
  return own[ownNumber - countNumbered(index ?? [])]?.key ?? `${archiveFolder(at)}/${ownNumber}`;
}

/**
 * An object, or the range of it.
 * @returns null if it is not there; 'beyond' if the range begins behind its end
 */
export async function getArchived(
  bucket: Bucket,
  place: ArchivePlace,
  number: number,
  range?: ByteRange,
): Promise<StoredBody | null | 'beyond'> {
  const key = await keyOf(bucket, place, number);
  if (range && range.offset > 0) {
    // Asked for such a range, a bucket fails, and nothing tells that from other failures.
    const known = await bucket.head(key);
    if (known && range.offset >= known.size) return 'beyond';
  }
  return bucket.get(key, range ? { range } : {});
}

/** What is known of an object without its bytes. */
export const headArchived = async (
  bucket: Bucket,
  place: ArchivePlace,
  number: number,
): Promise<StoredObject | null> => bucket.head(await keyOf(bucket, place, number));

/**
 * Deletes objects of archives, and the large envelopes of which an index among them tells. Those go first, so it is safe
 * to repeat.
 * @returns how many objects went
 */
export async function deleteArchived(bucket: Bucket, keys: readonly string[]): Promise<number> {
  let large = 0;
  for (const key of keys.filter(name => name.endsWith(`/${INDEX}`))) {
    const index = await readIndexAt(bucket, key).catch(passOverDamaged);
    const own = index?.filter(({ offset }) => offset === undefined) ?? [];
    if (own.length > 0) await bucket.delete(own.map(envelope => envelope.key));
    large += own.length;
  }
  if (keys.length > 0) await bucket.delete([...keys]);
  return large + keys.length;
}

/** What a damaged index told of lies among the uploads of its round, which are swept too. */
function passOverDamaged(error: unknown): null {
  if (error instanceof DamagedIndexError) return null;
  throw error;
}
