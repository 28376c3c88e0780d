/** A file with its path below what was dropped or chosen, with `/` between names. */
export interface WalkedFile {
  readonly path: string;
  readonly file: File;
}

/** More was dropped than its taker goes through. */
export class TooManyFilesError extends Error {}

/**
 * The dropped files, one after another, with all that is in dropped folders. It has to be called before the event's handler
 * ends: after the first wait a browser tells no more what was dropped.
 * @param most so many files and folders are gone through. A disk's root has millions
 * @throws TooManyFilesError when it comes to one more
 */
export function walkDrop(dropped: DataTransfer, most: number): AsyncGenerator<WalkedFile, void> {
  const entries = [...dropped.items].flatMap(item => item.webkitGetAsEntry() ?? []);
  return entries.length > 0 ? walk(entries, { left: most }) : plain([...dropped.files], most);
}

/** A browser without entries tells files only. */
async function* plain(files: readonly File[], most: number): AsyncGenerator<WalkedFile, void> {
  for (const [i, file] of files.entries()) {
    if (i >= most) throw new TooManyFilesError();
    yield { path: pathOf(file), file };
  }
}

/** A folder's picker tells the path of each file below the folder, whose name comes first in it. */
export const pathOf = (file: File): string => file.webkitRelativePath || file.name;

async function* walk(
  entries: Iterable<FileSystemEntry> | AsyncIterable<FileSystemEntry>,
  bound: { left: number },
): AsyncGenerator<WalkedFile, void> {
  for await (const entry of entries) {
    if (bound.left-- <= 0) throw new TooManyFilesError();
    if (isFileEntry(entry)) yield { path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry) };
    else if (isFolderEntry(entry)) yield* walk(entriesOf(entry), bound);
  }
}

const isFileEntry = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolderEntry = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A folder tells a hundred entries at a time, until there are none. */
async function* entriesOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry, void> {
  const reader = folder.createReader();
  const next = (): Promise<FileSystemEntry[]> =>
    new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  for (let some = await next(); some.length > 0; some = await next()) yield* some;
}
