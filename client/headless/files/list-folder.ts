import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ListedFile } from '../../../shared/datasets/files/dataset-format.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { describeFileError } from './describe-file-error.ts';

/**
 * What is in a folder and in the folders in it, which archives often unpack into.
 * @throws UsageError if there is no such folder, or if it cannot be opened
 */
export function listFolder(folder: string): ListedFile[] {
  requireFolder(folder);
  const listed = listEntries(folder, '');
  const below = listed.filter(({ problem }) => problem === FOLDER);
  return [...listed, ...below.flatMap(({ path }) => listBelow(folder, path))];
}

const FOLDER = 'it is a folder, not a file';

const NO_FILE = 'it is a pipe or a device, not a file';

function requireFolder(folder: string): void {
  try {
    if (statSync(folder).isDirectory()) return;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new UsageError(`there is no folder ${folder}`);
    throw new UsageError(`${folder} cannot be read: ${describeFileError(error)}`);
  }
  throw new UsageError(`${folder} is a file: give the folder of the data set's files`);
}

function listEntries(folder: string, below: string): ListedFile[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(folder, below), { withFileTypes: true });
  } catch (error) {
    throw new UsageError(`${join(folder, below)} cannot be read: ${describeFileError(error)}`);
  }
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(entry => listEntry(folder, below, entry));
}

/** Folders of other people may lie in a large one, such as `/tmp`. They hold nothing that could be meant. */
function listBelow(folder: string, below: string): ListedFile[] {
  try {
    return listEntries(folder, below);
  } catch {
    return [];
  }
}

function listEntry(folder: string, below: string, entry: Dirent): ListedFile {
  const path = below === '' ? entry.name : `${below}/${entry.name}`;
  const problem = findProblem(join(folder, path), entry);
  return problem === undefined ? { path } : { path, problem };
}

/** Anything but a file is not opened: a pipe would be waited for, for ever. */
function findProblem(path: string, entry: Dirent): string | undefined {
  if (entry.isFile()) return undefined;
  if (entry.isDirectory()) return FOLDER;
  if (!entry.isSymbolicLink()) return NO_FILE;
  try {
    const target = statSync(path);
    if (target.isFile()) return undefined;
    return target.isDirectory() ? FOLDER : NO_FILE;
  } catch {
    return 'it is a link to what is not there';
  }
}
