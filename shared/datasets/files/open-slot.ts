import { sha256Hex } from '../../math/sha256.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { gunzip } from '../gunzip.ts';
import type { ListedFile, OpenFile, SlotSource } from './dataset-format.ts';

/** The largest set of its kind, EMNIST by class, has 547 MB of pictures. */
export const MAX_FILE_BYTES = 1_000_000_000;

/** Reads a listed file. The refusal's detail says in a line what is wrong. */
export type ReadFile = (path: string) => Promise<Result<Uint8Array>>;

/**
 * Reads the file of a slot. It may be there several times, packed and unpacked. Then all must hold the same, which is
 * compared by hash.
 */
export async function openSlot(
  files: readonly ListedFile[],
  read: ReadFile,
  note: SlotSource['note'],
): Promise<Result<OpenFile>> {
  const [first, ...copies] = files.filter(({ problem }) => problem === undefined);
  if (!first) return refused('not-found', `${files[0]?.path} cannot be read: ${files[0]?.problem}`);
  const opened = await openFile(first, read);
  if (!opened.ok) return opened;
  for (const copy of copies) {
    const other = await openFile(copy, read);
    if (!other.ok) return other;
    if (sha256Hex(other.value.bytes) !== sha256Hex(opened.value.bytes))
      return refused(
        'malformed',
        `${first.path} and ${copy.path} hold different content: remove one of them`,
      );
    note(`${copy.path} holds the same as ${first.path}: it is read once`);
  }
  return opened;
}

async function openFile({ path }: ListedFile, read: ReadFile): Promise<Result<OpenFile>> {
  const file = await read(path);
  if (!file.ok) return file;
  if (file.value.length === 0) return refused('malformed', `${path} is empty`);
  const unpacked = gunzip(file.value, { maxBytes: MAX_FILE_BYTES, name: path });
  if (!unpacked.ok) return unpacked;
  const problem = describeStart(unpacked.value);
  return problem === undefined
    ? accepted({ name: path, bytes: unpacked.value })
    : refused('malformed', `${path} ${problem}`);
}

const HEAD_BYTES = 64;

/** What a file is that was saved in the place of data. No data file begins so. */
const others: readonly (readonly [starts: readonly string[], words: string])[] = [
  [['<!doctype', '<html', '<head', '<?xml'], 'is a web page: download the file again'],
  [['version https://git-lfs'], 'is a pointer of Git LFS: fetch the file itself with `git lfs pull`'],
  [['pk\x03\x04'], 'is packed with zip: unpack it first'],
  [['bzh'], 'is packed with bzip2: unpack it first'],
  [['\xfd7zxz'], 'is packed with xz: unpack it first'],
  [['\x1f\x8b'], 'is packed with gzip more than twice: unpack it first'],
  [['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'], 'is a Python pickle, which is not read'],
];

function describeStart(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'is empty, once unpacked';
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES))
    .trimStart()
    .toLowerCase();
  return others.find(([starts]) => starts.some(start => head.startsWith(start)))?.[1];
}
