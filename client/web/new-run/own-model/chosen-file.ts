/** A file that was picked, dropped, or found in a zip. */
export interface ChosenFile {
  /** Folders before it, `/` between names. */
  readonly path: string;
  readonly bytes: number;
  read(): Promise<Uint8Array>;
}

/** More files than any network has. A folder of pictures that was dropped here by mistake is not read to its end. */
const MOST_FILES = 1_000;

export const chosenFile = (file: File, path = file.webkitRelativePath || file.name): ChosenFile => ({
  path,
  bytes: file.size,
  read: async () => new Uint8Array(await file.arrayBuffer()),
});

/** What was dropped, folders with all that is in them. It has to be called before the event's handler ends. */
export async function droppedFiles(dropped: DataTransfer): Promise<ChosenFile[]> {
  const entries = [...dropped.items].flatMap(item => item.webkitGetAsEntry() ?? []);
  const plain = [...dropped.files];
  const found: ChosenFile[] = [];
  for (const entry of entries) await collect(entry, found);
  return found.length > 0 ? found : plain.map(file => chosenFile(file));
}

async function collect(entry: FileSystemEntry, found: ChosenFile[]): Promise<void> {
  if (found.length >= MOST_FILES) return;
  if (isFile(entry)) found.push(chosenFile(await fileOf(entry), entry.fullPath.replace(/^\//, '')));
  else if (isFolder(entry)) for (const inner of await entriesIn(entry)) await collect(inner, found);
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A browser hands over a hundred entries at a time, and none at the end. */
async function entriesIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const next = (): Promise<FileSystemEntry[]> =>
    new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  const found: FileSystemEntry[] = [];
  for (let more = await next(); more.length > 0 && found.length < MOST_FILES; more = await next())
    found.push(...more);
  return found;
}
