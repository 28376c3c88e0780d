import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { IS_FOLDER } from '../../../shared/datasets/files/dataset-format.ts';
import { isHidden, type SourceFile } from '../../../shared/datasets/import/source-file.ts';
import { accepted, type Result, refused } from '../../../shared/protocol/refusals.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { describeFileError } from './describe-file-error.ts';

const NO_FILE = 'it is a pipe or a device, not a file';

/** Folders of classes lie in folders of splits, and all of them perhaps in another one. */
const MAX_DEPTH = 6;
/** Whoever gives `/` is told so, and does not wait. */
const MAX_FILES = 300_000;

/**
 * A file, or all that is in a folder and in those below it. Paths are relative to the folder.
 * @throws UsageError if there is no such file or folder, or if it cannot be opened
 */
export function listSource(path: string): SourceFile[] {
  const stats = requireThere(path);
  if (stats.isFile()) return [fileOnDisk(path, basename(resolve(path)), stats.size)];
  if (!stats.isDirectory()) throw new UsageError(`${path} cannot be read: ${NO_FILE}`);
  const listing = new Listing(path);
  listing.addFolder('', 0);
  return listing.files;
}

function requireThere(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new UsageError(`there is no folder or file ${path}`);
    throw new UsageError(`${path} cannot be read: ${describeFileError(error)}`);
  }
}

class Listing {
  readonly files: SourceFile[] = [];
  private readonly root: string;
  /** A link may lead to a folder that it lies in. */
  private readonly seen = new Set<string>();

  constructor(root: string) {
    this.root = root;
  }

  addFolder(below: string, depth: number): void {
    for (const entry of this.entriesOf(below).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      this.files.push(this.fileOf(path, entry));
      if (this.files.length > MAX_FILES)
        throw new UsageError(
          `${this.root} has more than ${MAX_FILES} files: give the folder of the data set`,
        );
      if (this.files.at(-1)?.problem === IS_FOLDER && depth < MAX_DEPTH && !isHidden(entry.name))
        this.addFolder(path, depth + 1);
    }
  }

  /** Folders of other people may lie in a large one, such as `/tmp`. They hold nothing that could be meant. */
  private entriesOf(below: string): Dirent[] {
    const folder = join(this.root, below);
    try {
      const real = realpathSync(folder);
      if (this.seen.has(real)) return [];
      this.seen.add(real);
      return readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      if (below !== '') return [];
      throw new UsageError(`${folder} cannot be read: ${describeFileError(error)}`);
    }
  }

  /** Anything but a file is not opened: a pipe would be waited for, for ever. */
  private fileOf(path: string, entry: Dirent): SourceFile {
    const place = join(this.root, path);
    if (entry.isDirectory()) return noFile(path, IS_FOLDER);
    try {
      const stats = statSync(place);
      if (stats.isFile()) return fileOnDisk(place, path, stats.size);
      return noFile(path, stats.isDirectory() ? IS_FOLDER : NO_FILE);
    } catch {
      return noFile(path, 'it is a link to what is not there');
    }
  }
}

const noFile = (path: string, problem: string): SourceFile => ({
  path,
  bytes: 0,
  problem,
  read: async () => refused('not-found', `cannot be read: ${problem}`),
});

const fileOnDisk = (place: string, path: string, bytes: number): SourceFile => ({
  path,
  bytes,
  read: (from = 0, to = bytes) => readRange(place, Math.min(from, bytes), Math.min(to, bytes)),
});

async function readRange(place: string, from: number, to: number): Promise<Result<Uint8Array>> {
  try {
    await using file = await open(place);
    const buffer = new Uint8Array(to - from);
    let at = 0;
    while (at < buffer.length) {
      const { bytesRead } = await file.read(buffer, at, buffer.length - at, from + at);
      if (bytesRead === 0) return refused('malformed', 'became shorter while it was read');
      at += bytesRead;
    }
    return accepted(buffer);
  } catch (error) {
    return refused('not-found', `cannot be read: ${describeFileError(error)}`);
  }
}
