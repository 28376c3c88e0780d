/** Finds out what somebody brought: IDX or CIFAR files, a text of rows and columns, or folders of pictures. */

import { MAX_NAME_LENGTH } from '../../protocol/dataset.ts';
import { toOneLine } from '../../protocol/one-line.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { IS_FOLDER, type LabelChoice } from '../files/dataset-format.ts';
import { explainNothing } from '../files/explain-names.ts';
import { hasSetFiles } from '../files/find-set.ts';
import { gunzip } from '../gunzip.ts';
import type { DecodePicture } from './decode-picture.ts';
import { FileProblems, whyRefused } from './file-problems.ts';
import { findArrays } from './find-arrays.ts';
import { findPictures, isPicturePath } from './find-pictures.ts';
import { findTextTable, type TextFile } from './find-text-table.ts';
import type { FoundData } from './found-data.ts';
import { openArchives } from './open-archives.ts';
import type { TextChoice } from './read-text.ts';
import { lastNameOf, type SourceFile, type StopSignal } from './source-file.ts';

export interface FindOptions extends TextChoice {
  readonly decode: DecodePicture;
  /** A name for the data set. If it is that of a known set, the files must be that set. Taken from the files if left out. */
  readonly name?: string;
  /** What was brought, in refusals: a folder's path, "what you dropped". */
  readonly where?: string;
  /** Which labels of CIFAR-100 are learnt. */
  readonly labels?: LabelChoice;
  readonly signal?: StopSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

type Found = Omit<FoundData, 'name' | 'problems' | 'problemCount'>;

/**
 * Recognises the data and reads as much as tells what is in them: of pictures the headers, of other files all. What cannot
 * be read is listed. Refused with a detail that is a whole sentence if nothing is left.
 * @throws the signal's reason if it is aborted
 */
export async function findData(
  files: readonly SourceFile[],
  options: FindOptions,
): Promise<Result<FoundData>> {
  const { where = 'what you brought', labels } = options;
  const problems = new FileProblems();
  const open = await openArchives(files, problems);
  const name = options.name ?? suggestName(files);
  const finish = (found: Result<Found>): Result<FoundData> =>
    found.ok
      ? accepted({ name, ...found.value, problems: problems.list, problemCount: problems.count })
      : refused(found.reason, withFirstProblem(whyRefused(found), problems));
  if (open.every(({ problem }) => problem === IS_FOLDER))
    return finish(
      refused(
        'not-found',
        problems.count > 0 ? `nothing in ${where} can be read` : `${where} holds no files`,
      ),
    );
  if (hasSetFiles(open)) return finish(await findArrays(open, { name, where, labels }));
  const pictures = open.filter(({ path }) => isPicturePath(path));
  const texts = textFiles(open);
  if (pictures.length === 0 && texts.length === 0)
    return finish(refused('not-found', explainNothing(open, where)));
  const used = new Set(pictures.length > 0 ? pictures : texts);
  for (const { path, problem } of open.filter(file => !used.has(file)))
    if (problem !== IS_FOLDER) problems.add(path, describeUnused(path, problem));
  return finish(
    pictures.length > 0
      ? await findPictures(pictures, { ...options, where }, problems)
      : await findTexts(texts, options, problems),
  );
}

const describeUnused = (path: string, problem: string | undefined): string => {
  if (problem !== undefined) return `cannot be read: ${problem}`;
  return /\.(gif|bmp|tiff?|hei[cf]|avif|svg)$/i.test(path)
    ? 'is a picture of another kind: save it as PNG, JPEG or WebP'
    : 'is no PNG, JPEG or WebP picture';
};

/** If nothing is left, the first thing that was left out may tell why. */
function withFirstProblem(detail: string, { list, count }: FileProblems): string {
  const [first] = list;
  if (!first) return detail;
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return `${detail}; left out: ${first.path} ${first.problem}${more}`;
}

/** The folder or file that was brought, if it is one. */
function suggestName(files: readonly SourceFile[]): string {
  const [root = '', ...others] = new Set(files.map(({ path }) => path.split('/')[0] ?? ''));
  const name = toOneLine(root.replace(/(\.(csv|tsv|txt|data|zip|tm|gz))+$/i, '')).trim();
  const short = [...name].slice(0, MAX_NAME_LENGTH / 2).join('');
  return others.length > 0 || short === '' ? 'my data' : short;
}

const TEXT_NAME = /\.(csv|tsv|tab|data|tra|tes)(\.gz)?$/i;

/** Texts by their names. A `.txt` may be anything, so it counts only if nothing else is there. */
function textFiles(files: readonly SourceFile[]): SourceFile[] {
  const texts = files.filter(({ path }) => TEXT_NAME.test(path));
  const isPlain = files.every(({ path }) => /\.txt(\.gz)?$/i.test(path));
  return isPlain ? [...files] : texts;
}

/** More would not fit memory beside what is read from it. */
const MAX_TEXT_BYTES = 300_000_000;

/** Of several files one is for training and one for testing, as their names say. Otherwise one has to be chosen. */
async function findTexts(
  files: readonly SourceFile[],
  options: FindOptions,
  problems: FileProblems,
): Promise<Result<Found>> {
  const isSplit = (path: string, split: 'train' | 'test'): boolean =>
    split === 'train' ? /train|\.tra\b/i.test(lastNameOf(path)) : /test|\.tes\b/i.test(lastNameOf(path));
  const train = files.filter(({ path }) => isSplit(path, 'train'));
  const test = files.filter(({ path }) => isSplit(path, 'test'));
  if (files.length > 1 && train.length !== 1)
    return refused(
      'malformed',
      `there are several tables, ${files
        .slice(0, 4)
        .map(({ path }) => path)
        .join(', ')}${files.length > 4 ? ' and more' : ''}: bring one of them`,
    );
  const texts: TextFile[] = [];
  const chosen = files.length === 1 ? files : [...train, ...test.slice(0, 1)];
  for (const { path } of files.filter(file => !chosen.includes(file)))
    problems.add(path, 'is a table that is neither for training nor for testing, by its name');
  for (const file of chosen) {
    options.signal?.throwIfAborted();
    const bytes = await readWhole(file);
    if (!bytes.ok) return refused(bytes.reason, `${file.path} ${whyRefused(bytes)}`);
    const split = files.length === 1 ? undefined : file === train[0] ? 'train' : 'test';
    texts.push({ path: file.path, bytes: bytes.value, ...(split && { split }) });
  }
  return findTextTable(texts, options, problems);
}

async function readWhole(file: SourceFile): Promise<Result<Uint8Array>> {
  if (file.problem !== undefined) return refused('malformed', `cannot be read: ${file.problem}`);
  if (file.bytes > MAX_TEXT_BYTES)
    return refused(
      'too-large',
      `has ${Math.round(file.bytes / 1e6)} MB: at most ${MAX_TEXT_BYTES / 1e6} are read`,
    );
  const bytes = await file.read();
  if (!bytes.ok) return bytes;
  const unpacked = gunzip(bytes.value, { maxBytes: MAX_TEXT_BYTES, name: 'it' });
  return unpacked.ok ? unpacked : refused(unpacked.reason, `cannot be unpacked: ${unpacked.detail}`);
}
