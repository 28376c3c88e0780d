/** Files as a person gives them to the page: dropped, or chosen as files or as a folder. */

export interface ChosenFile {
  /** Relative to what was dropped or chosen, with `/` between names. */
  readonly path: string;
  readonly file: File;
}

/** More files than this are no data set that fits a page. A disk's root has millions. */
export const MOST_FILES = 100_000;

export class TooManyFilesError extends Error {}

/**
 * The chosen files. A folder's picker tells the path of each below the folder, whose name comes first in it.
 * @throws TooManyFilesError
 */
export function filesOf(chosen: ArrayLike<File>): ChosenFile[] {
  if (chosen.length > MOST_FILES) throw new TooManyFilesError();
  return Array.from(chosen, file => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * The dropped files, with all that is in dropped folders. What was dropped is only known before the first wait.
 * @throws TooManyFilesError
 */
export async function filesOfDrop(transfer: DataTransfer): Promise<ChosenFile[]> {
  const entries = [...transfer.items].flatMap(item => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return filesOf(transfer.files);
  const files: ChosenFile[] = [];
  for (const entry of entries) await collect(entry, files);
  return files;
}

async function collect(entry: FileSystemEntry, into: ChosenFile[]): Promise<void> {
  if (into.length >= MOST_FILES) throw new TooManyFilesError();
  if (isFileEntry(entry)) into.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry) });
  if (isFolderEntry(entry)) for (const inner of await entriesOf(entry)) await collect(inner, into);
}

const isFileEntry = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolderEntry = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A folder tells a hundred entries at a time, until there are none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
    if (all.length > MOST_FILES) throw new TooManyFilesError();
  }
}
