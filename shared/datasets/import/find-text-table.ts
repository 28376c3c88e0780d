/** Finds examples in texts of rows and columns: pixels of pictures, or a table of numbers. */
import type { Split } from '../../protocol/dataset.ts';
import type { ImageShape } from '../../protocol/part-size.ts';
import { MAX_CLASSES, pixelsPerImage } from '../../protocol/part-size.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { fitColumns, scaleRow } from '../table/scale-row.ts';
import { checkClasses, shownNames, sortNames } from './class-names.ts';
import { FileProblems } from './file-problems.ts';
import type { FoundData, FoundItem } from './found-data.ts';
import { type ReadText, readText, type TextChoice } from './read-text.ts';

export interface TextFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly split?: Split;
}

/** A row that was read: its label as it stands there, and its other numbers. */
interface LabelledRow {
  readonly path: string;
  readonly label: string;
  readonly values: Float64Array | Uint8Array;
  readonly split?: Split;
}

/** So many columns are tried if the one that looks like that of the classes has too many values. */
const GUESSES = 3;

/**
 * The first file says which columns there are. A file whose columns are others is left out and listed. Refused as
 * `malformed`: no rows, one class, more than 256 classes, no column of numbers, a column that is not there.
 */
export function findTextTable(
  files: readonly TextFile[],
  choice: TextChoice,
  problems: FileProblems,
): Result<Found> {
  const notLabels = new Set<number>();
  let first: Attempt | undefined;
  for (let guess = 0; guess < GUESSES; guess++) {
    const attempt = attemptWith(files, { ...choice, notLabels });
    first ??= attempt;
    const { found, tooMany } = attempt;
    if (found.ok) return finish(attempt, problems);
    if (choice.labelColumn !== undefined || tooMany === undefined || notLabels.has(tooMany)) break;
    notLabels.add(tooMany);
  }
  return first ? finish(first, problems) : refused('malformed', NO_TEXT);
}

const NO_TEXT = 'there is no text to read';

type Found = Omit<FoundData, 'name' | 'problems' | 'problemCount'>;

interface Attempt {
  readonly found: Result<Found>;
  readonly problems: FileProblems;
  /** The column that was taken for the classes, if it has more values than there may be classes. */
  readonly tooMany?: number | undefined;
}

function finish({ found, problems: { list, count } }: Attempt, problems: FileProblems): Result<Found> {
  for (const { path, problem } of list) problems.add(path, problem);
  problems.count += count - list.length;
  return found;
}

function attemptWith(files: readonly TextFile[], choice: TextChoice): Attempt {
  const problems = new FileProblems();
  const rows: LabelledRow[] = [];
  const notes: string[] = [];
  let layout: ReadText | undefined;
  for (const { path, bytes, split } of files) {
    const text = readText(bytes, path, choice, problems, layout);
    if (!text.ok && !layout) return { found: text, problems };
    if (!text.ok) {
      notes.push(`${path} is not read: ${text.detail}`);
      continue;
    }
    layout ??= text.value;
    if (layout === text.value) notes.push(...text.value.notes);
    for (const { line, label, values } of text.value.rows)
      rows.push({ path: `${path}, line ${line}`, label, values, ...(split && { split }) });
  }
  const found = layout ? toFound(layout, rows, notes) : refused('malformed', NO_TEXT);
  const isTooMany = new Set(rows.map(({ label }) => label)).size > MAX_CLASSES;
  return { found, problems, tooMany: isTooMany ? layout?.textTable.labelColumn : undefined };
}

function toFound(
  { shape, columnNames, textTable }: ReadText,
  rows: readonly LabelledRow[],
  notes: readonly string[],
): Result<Found> {
  const labels = sortNames(new Set(rows.map(({ label }) => label)));
  const labelName = textTable.columns[textTable.labelColumn]?.name ?? '';
  const checked = checkClasses(labels, `column ${labelName}`, 'value');
  if (!checked.ok) return checked;
  const classOf = new Map(labels.map((label, i) => [label, i]));
  const items = rows.map(
    ({ label, path, split }): FoundItem => ({
      label: classOf.get(label) ?? 0,
      path,
      ...(split && { split }),
    }),
  );
  return accepted({
    kind: shape ? 'pixels' : 'table',
    classNames: shownNames(labels),
    items,
    shape: shape ?? { height: 1, width: columnNames.length, channels: 1 },
    textTable,
    notes,
    open: (_, train) =>
      shape ? readPixels(rows, shape) : readTable(rows, shownNames(columnNames), train ?? [...rows.keys()]),
  });
}

const readPixels = (rows: readonly LabelledRow[], shape: ImageShape) => ({
  read: async (index: number): Promise<Result<Uint8Array>> => {
    const pixels = Uint8Array.from(rows[index]?.values ?? []);
    return pixels.length === pixelsPerImage(shape) ? accepted(pixels) : refused('not-found', 'is not there');
  },
});

function readTable(rows: readonly LabelledRow[], names: readonly string[], train: readonly number[]) {
  const values = train.flatMap(index => rows[index]?.values ?? []);
  const columns = fitColumns(
    names,
    values.map(row => Float64Array.from(row)),
  );
  return {
    columns,
    read: async (index: number): Promise<Result<Uint8Array>> => {
      const row = rows[index];
      return row ? accepted(scaleRow(columns, row.values)) : refused('not-found', 'is not there');
    },
  };
}
