/** Reads a data set from a list of files: the same for a folder on disk and for files that are chosen in a page. */
import { toOneLine } from '../../protocol/one-line.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import type { Examples, LabelledPictures } from '../examples.ts';
import { findNamesProblem } from './class-names.ts';
import type { LabelChoice, ListedFile, ReadPictures, SlotSource } from './dataset-format.ts';
import { type FoundSet, findSet, leftAside } from './find-set.ts';
import { findContradiction, isKnownSet, knownOfShape, recogniseByLabels } from './known-sets.ts';
import { notePictures } from './note-pictures.ts';
import { openSlot, type ReadFile } from './open-slot.ts';
import { settleClasses } from './settle-classes.ts';

/** Training and test pictures. */
export interface DatasetFiles {
  readonly name: string;
  readonly train: Examples;
  readonly test: Examples;
  readonly classNames?: readonly string[];
  /** What the user should know about the files, a line each. */
  readonly notes: readonly string[];
}

export interface ReadOptions {
  /** What the data set shall be called. If it is the name of a known set, the data must be that set. */
  readonly name: string;
  /** The folder, in refusals. */
  readonly where: string;
  readonly labels?: LabelChoice;
}

/**
 * Finds the data set by the names of the files, reads it, and compares it with its name. The detail of a refusal names
 * the file and says what is wrong.
 */
export async function readDatasetFiles(
  files: readonly ListedFile[],
  read: ReadFile,
  { name, where, labels = 'fine' }: ReadOptions,
): Promise<Result<DatasetFiles>> {
  const found = findSet(files, name, where);
  if (!found.ok) return found;
  if (labels === 'coarse' && found.value.set !== 'cifar-100')
    return refused('malformed', `${where} has no coarse labels: only CIFAR-100 has them`);
  const notes = noteNames(found.value, files);
  const source = sourceOf(found.value, read, text => notes.push(text));
  const pictures = await found.value.format.read(source, labels);
  if (!pictures.ok) return pictures;
  const own = nameOf(found.value, pictures.value.train);
  const known = knownOfShape(own ?? name, pictures.value.train);
  const settled = settleClasses(pictures.value, known, source.note);
  if (!settled.ok) return settled;
  const { train, test } = settled.value;
  const contradiction = findContradiction(name, own, train);
  if (contradiction !== undefined) return refused('malformed', `${where} ${contradiction}`);
  notePictures(train, test, source.note);
  return accepted({
    name,
    train,
    test,
    ...namesOf({ ...known, ...pictures.value }, train.classes, source.note),
    notes: notes.map(toOneLine),
  });
}

/** The name that the data have by themselves, if any. Names of known sets are trusted, others if the labels say nothing. */
const nameOf = ({ set }: FoundSet, train: LabelledPictures): string | undefined =>
  isKnownSet(set) ? set : (recogniseByLabels(train) ?? (set === '' ? undefined : set));

function noteNames(found: FoundSet, files: readonly ListedFile[]): string[] {
  const aside = leftAside(files, found);
  return [
    ...(found.folder === '' ? [] : [`the files are read from the folder ${found.folder} below`]),
    ...(aside.length === 0 ? [] : [`not read, because no data file is called so: ${aside.join(', ')}`]),
  ];
}

const sourceOf = ({ set, slots }: FoundSet, read: ReadFile, note: SlotSource['note']): SlotSource => ({
  set,
  slots: new Set(slots.keys()),
  open: (slot, readContent) => openSlot(slots.get(slot) ?? [], read, readContent, note),
  note,
});

/** Names that a data set's description does not take are left out, because they are for people only. */
function namesOf(
  { classNames }: Pick<ReadPictures, 'classNames'>,
  classes: number,
  note: SlotSource['note'],
): { classNames?: readonly string[] } {
  if (!classNames) return {};
  const problem = findNamesProblem(classNames, classes);
  if (problem === undefined) return { classNames };
  note(`the file of class names ${problem}: it is not used`);
  return {};
}
