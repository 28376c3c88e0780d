import { pathOf, TooManyFilesError, type WalkedFile, walkDrop } from '../ui/walk-drop.ts';

/** A file as a person gives it to the page: dropped, or chosen by itself or with its folder. */
export type ChosenFile = WalkedFile;

/** More files and folders than this are no data set that fits a page. */
export const MOST_FILES = 100_000;

/**
 * The chosen files.
 * @throws TooManyFilesError
 */
export function filesOf(chosen: ArrayLike<File>): ChosenFile[] {
  if (chosen.length > MOST_FILES) throw new TooManyFilesError();
  return Array.from(chosen, file => ({ path: pathOf(file), file }));
}

/**
 * The dropped files, with all that is in dropped folders. It has to be called before the event's handler ends.
 * @throws TooManyFilesError
 */
export const filesOfDrop = (dropped: DataTransfer): Promise<ChosenFile[]> =>
  collect(walkDrop(dropped, MOST_FILES));

async function collect(files: AsyncIterable<ChosenFile>): Promise<ChosenFile[]> {
  const all: ChosenFile[] = [];
  for await (const file of files) all.push(file);
  return all;
}
