import { accepted } from '../../protocol/refusals.ts';
import { openZip, type ZipEntry } from '../zip.ts';
import type { FileProblems } from './file-problems.ts';
import { isHidden, lastNameOf, type SourceFile } from './source-file.ts';

const isZip = (path: string): boolean => /\.(zip|tm)$/i.test(path);

/**
 * The files, with those that are packed in zips in the place of the zips. A zip with folders lies open as if it were
 * unpacked. One without folders is a folder of its own name: Teachable Machine packs the pictures of each class so, and its
 * projects have the class in each picture's name. A zip in a zip is not opened. What cannot be opened goes to the problems.
 */
export async function openArchives(
  files: readonly SourceFile[],
  problems: FileProblems,
): Promise<SourceFile[]> {
  const open: SourceFile[] = [];
  for (const file of files) {
    if (isHidden(file.path)) continue;
    if (!isZip(file.path) || file.problem !== undefined) open.push(file);
    else for (const unpacked of await openArchive(file, problems)) open.push(unpacked);
  }
  return open;
}

async function openArchive(zip: SourceFile, problems: FileProblems): Promise<SourceFile[]> {
  const entries = await openZip({ bytes: zip.bytes, read: (from, to) => zip.read(from, to) });
  if (!entries.ok) {
    problems.add(zip.path, entries.detail ?? 'cannot be opened');
    return [];
  }
  const seen = entries.value.filter(({ name }) => !isHidden(name));
  const folder = folderFor(zip.path, seen);
  const names = new Map<string, number>();
  const isProject = seen.some(({ name }) => PROJECT_PICTURE.test(name));
  return seen
    .filter(({ name }) => !isProject || name !== PROJECT_MANIFEST)
    .map(entry => fileOf(entry, folder + unlikeOthers(classFirst(entry.name), names)));
}

/** A picture in a project of Teachable Machine: its class, three signs and its number. */
const PROJECT_PICTURE = /^([^/]+)-!-(\d+\.\w+)$/;
const PROJECT_MANIFEST = 'manifest.json';

const classFirst = (name: string): string => name.replace(PROJECT_PICTURE, '$1/$2');

/** Ends with `/` if it is not empty. */
function folderFor(path: string, entries: readonly ZipEntry[]): string {
  const isFlat = entries.every(({ name }) => !name.includes('/'));
  return isFlat
    ? `${path.replace(/(-samples)?\.\w+$/, '')}/`
    : path.slice(0, path.length - lastNameOf(path).length);
}

/** A zip may hold two files of one name. Both are read, and can be told apart. */
function unlikeOthers(name: string, names: Map<string, number>): string {
  const times = (names.get(name) ?? 0) + 1;
  names.set(name, times);
  return times === 1 ? name : name.replace(/(\.\w+)?$/, ` (${times})$1`);
}

const fileOf = (entry: ZipEntry, path: string): SourceFile => {
  const problem = entry.problem ?? (isZip(path) ? 'it is a zip in a zip, so unpack it first' : undefined);
  return {
    path,
    bytes: entry.bytes,
    ...(problem === undefined ? {} : { problem }),
    read: async (from, to) => {
      const bytes = await entry.read();
      return bytes.ok && from !== undefined ? accepted(bytes.value.subarray(from, to)) : bytes;
    },
  };
};
