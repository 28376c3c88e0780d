/** Finds the data set in a list of files, by their names alone. */
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { cifar10Format, cifar100Format } from './cifar-formats.ts';
import type { DatasetFormat, ListedFile, Slot } from './dataset-format.ts';
import { explainNothing, isNearMiss } from './explain-names.ts';
import { idxFormat } from './idx-format.ts';
import { isKnownSet, isSameName } from './known-sets.ts';

const formats: readonly DatasetFormat[] = [idxFormat, cifar10Format, cifar100Format];

/** A data set of which at least one file is there. */
export interface FoundSet {
  readonly format: DatasetFormat;
  /** Empty if its files' names do not say which one it is. */
  readonly set: string;
  /** The folder of its files below the one that was listed, or empty. */
  readonly folder: string;
  /** All files of each slot. */
  readonly slots: ReadonlyMap<string, readonly ListedFile[]>;
}

/**
 * The one set whose files are all there. If there are several, the one that is asked for. Files lie in the folder itself
 * or, if it has none, in one folder below it.
 * @param name what is asked for
 * @param where the folder, in refusals
 */
export function findSet(files: readonly ListedFile[], name: string, where: string): Result<FoundSet> {
  const [[, ownFiles], ...below] = byFolder(files);
  const here = setsIn(ownFiles, '');
  const found = here.length > 0 ? here : below.flatMap(([folder, its]) => setsIn(its, folder));
  const whole = found.filter(set => lacking(set).length === 0);
  const [only, ...more] = whole.length > 1 ? asAsked(whole, name) : whole;
  if (only && more.length === 0) return accepted(only);
  if (only) return refused('malformed', describeSeveral([only, ...more], where));
  return refused(
    'not-found',
    found.length > 0 ? describeLacking(found, files, where) : explainNothing(files, where),
  );
}

/** Whether any of these files is one of a data set's, by its name. Text files of class names alone are not. */
export const hasSetFiles = (files: readonly ListedFile[]): boolean =>
  byFolder(files).some(([folder, its]) => setsIn(its, folder).length > 0);

/** Files that were perhaps meant to belong to the set, but whose names are not those of its files. */
export const leftAside = (files: readonly ListedFile[], { folder }: FoundSet): string[] =>
  files
    .filter(({ path }) => folderOf(path) === folder && isNearMiss(lastName(path)) && !findSlot(path))
    .map(({ path }) => path);

const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function findSlot(path: string): (Slot & { readonly format: DatasetFormat }) | undefined {
  const name = lastName(path).toLowerCase().replace(/\.gz$/, '');
  for (const format of formats) {
    const slot = format.slotOf(name);
    if (slot) return { ...slot, format };
  }
  return undefined;
}

type Folder = readonly [folder: string, files: readonly ListedFile[]];

/**
 * The files of the folder itself first, then those of each folder below it. A folder of pictures has tens of thousands
 * of files in thousands of folders, so they are gone through once, and not once for each folder. Hidden folders are a
 * program's own: its trash, its copies.
 */
function byFolder(files: readonly ListedFile[]): [Folder, ...Folder[]] {
  const own: ListedFile[] = [];
  const below = new Map<string, ListedFile[]>();
  for (const { path } of files) if (/^[^.]/.test(folderOf(path))) below.set(folderOf(path), []);
  for (const file of files)
    for (const folder of foldersOf(file.path)) (folder === '' ? own : below.get(folder))?.push(file);
  return [['', own], ...below];
}

/** Some programs unpack a file into a folder of its name, so such a folder's file counts as if it were outside too. */
function foldersOf(path: string): string[] {
  const folder = folderOf(path);
  return folder !== '' && findSlot(folder) ? [folder, folderOf(folder)] : [folder];
}

function setsIn(files: readonly ListedFile[], folder: string): FoundSet[] {
  const sets = new Map<string, FoundSet & { readonly slots: Map<string, ListedFile[]> }>();
  for (const file of files) {
    const slot = findSlot(file.path);
    if (!slot) continue;
    const key = `${formats.indexOf(slot.format)}/${slot.set}`;
    const found = sets.get(key) ?? { format: slot.format, set: slot.set, folder, slots: new Map() };
    sets.set(key, found);
    found.slots.set(slot.slot, [...(found.slots.get(slot.slot) ?? []), file]);
  }
  return [...sets.values()].filter(hasPictures);
}

/** Names of classes alone are no set. */
const hasPictures = ({ slots }: FoundSet): boolean =>
  [...slots.keys()].some(slot => !/\.txt$|^mapping$/.test(slot));

const lacking = ({ format, set, slots }: FoundSet): string[] => format.lacking(set, new Set(slots.keys()));

/**
 * Those that fit the name best. By a known name the set that bears it is meant, or one without a name, as MNIST's own
 * files are. Any other name may be that of a folder.
 */
function asAsked(sets: readonly FoundSet[], name: string): readonly FoundSet[] {
  const preferences: ((set: FoundSet) => boolean)[] = [
    ({ set }) => !isKnownSet(name) || set === '' || isSameName(set, name),
    ({ set }) => isSameName(set, name),
    ({ folder }) => lastName(folder) === name,
    ({ folder }) => isSameName(lastName(folder), name),
  ];
  return preferences.reduce((left, isBetter) => {
    const better = left.filter(isBetter);
    return better.length > 0 ? better : left;
  }, sets);
}

function describeSeveral(sets: readonly FoundSet[], where: string): string {
  const places = [...new Set(sets.map(({ folder }) => folder))];
  if (places.length > 1)
    return `${where} has data sets in several folders: give one of ${places.map(place => inside(where, place)).join(', ')}`;
  const names = sets.map(({ set }) => set || 'IDX files without a name');
  return `${inside(where, places[0] ?? '')} holds several data sets: ask for one of ${names.join(', ')}, or put it in a folder of its own`;
}

const inside = (where: string, folder: string): string =>
  folder === '' ? where : `${where.replace(/\/+$/, '')}/${folder}`;

function describeLacking(sets: readonly FoundSet[], files: readonly ListedFile[], where: string): string {
  const nearest = sets.toSorted((a, b) => lacking(a).length - lacking(b).length)[0] as FoundSet;
  const aside = leftAside(files, nearest);
  const near = aside.length > 0 ? `; ${aside.join(', ')} has another name, so it is not taken` : '';
  return `${inside(where, nearest.folder)} lacks ${lacking(nearest).join(', ')} (or as .gz)${near}`;
}
