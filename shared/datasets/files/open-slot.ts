import { sha256Hex } from '../../math/sha256.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { gunzip } from '../gunzip.ts';
import type { ListedFile, OpenFile, ReadContent, SlotSource } from './dataset-format.ts';
import { describeStart } from './file-starts.ts';

/** The largest set of its kind, EMNIST by class, has 547 MB of pictures. */
export const MAX_FILE_BYTES = 1_000_000_000;

/** Reads a listed file. The refusal's detail says in a line what is wrong. */
export type ReadFile = (path: string) => Promise<Result<Uint8Array>>;

/**
 * Reads the file of a slot. It may be there several times, packed and unpacked. Then all must hold the same, which is
 * compared by hash.
 */
export async function openSlot<T>(
  files: readonly ListedFile[],
  read: ReadFile,
  readContent: ReadContent<T>,
  note: SlotSource['note'],
): Promise<Result<OpenFile<T>>> {
  const [first, ...copies] = files.filter(({ problem }) => problem === undefined);
  if (!first) return refused('not-found', `${files[0]?.path} cannot be read: ${files[0]?.problem}`);
  const bytes = await unpack(first, read);
  if (!bytes.ok) return bytes;
  for (const copy of copies) {
    const other = await unpack(copy, read);
    if (!other.ok) return other;
    if (sha256Hex(other.value) !== sha256Hex(bytes.value))
      return refused(
        'malformed',
        `${first.path} and ${copy.path} hold different content: remove one of them`,
      );
    note(`${copy.path} holds the same as ${first.path}: it is read once`);
  }
  return readUnpacked(bytes.value, first.path, readContent);
}

async function unpack({ path }: ListedFile, read: ReadFile): Promise<Result<Uint8Array>> {
  const file = await read(path);
  if (!file.ok) return file;
  if (file.value.length === 0) return refused('malformed', `${path} is empty`);
  const unpacked = gunzip(file.value, { maxBytes: MAX_FILE_BYTES, name: path });
  if (!unpacked.ok || unpacked.value.length > 0) return unpacked;
  return refused('malformed', `${path} is empty, once unpacked`);
}

/** A file that is what it should be may begin with any pixels. Only of one that is not, the first bytes say what it is. */
function readUnpacked<T>(bytes: Uint8Array, name: string, readContent: ReadContent<T>): Result<OpenFile<T>> {
  const content = readContent(bytes, name);
  if (content.ok) return accepted({ name, content: content.value });
  const problem = describeStart(bytes);
  return problem === undefined ? content : refused('malformed', `${name} ${problem}`);
}
