import { pathOf, TooManyFilesError, walkDrop } from '../../ui/walk-drop.ts';

/** A file that was picked, dropped, or found in a zip. */
export interface ChosenFile {
  /** Folders before it, `/` between names. */
  readonly path: string;
  readonly bytes: number;
  read(): Promise<Uint8Array>;
}

/** More files and folders than any network has. A folder of pictures that was dropped by mistake is not read to its end. */
export const MOST_FILES = 1_000;

export const chosenFile = (file: File, path = pathOf(file)): ChosenFile => ({
  path,
  bytes: file.size,
  read: async () => new Uint8Array(await file.arrayBuffer()),
});

/**
 * The first files of what was dropped, folders with all that is in them. It has to be called before the event's handler
 * ends.
 */
export const droppedFiles = (dropped: DataTransfer): Promise<ChosenFile[]> =>
  collect(walkDrop(dropped, MOST_FILES));

/** What lies behind the bound is left out: the reader then says that there is no network among the files. */
async function collect(files: ReturnType<typeof walkDrop>): Promise<ChosenFile[]> {
  const found: ChosenFile[] = [];
  try {
    for await (const { file, path } of files) found.push(chosenFile(file, path));
  } catch (error) {
    if (!(error instanceof TooManyFilesError)) throw error;
  }
  return found;
}
