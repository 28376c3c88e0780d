import { gzipSync } from 'fflate';
import type { ListedFile } from '../../../shared/datasets/files/dataset-format.ts';
import { type DatasetFiles, readDatasetFiles } from '../../../shared/datasets/files/read-dataset-files.ts';
import { accepted, type Result } from '../../../shared/protocol/refusals.ts';
import { refusalOf, unwrap } from './make-examples.ts';

/** Files in memory, by their paths. */
export type Files = Readonly<Record<string, Uint8Array>>;

const word = (value: number): number[] => [0, 0, value >> 8, value & 255];

/** Grey pictures of two rows and three columns. Their pixels count, so that it shows which went where. */
export const idxImages = (count: number, rows = 2, columns = 3, firstPixel = 0): Uint8Array =>
  Uint8Array.of(
    ...[0, 0, 8, 3, ...word(count), ...word(rows), ...word(columns)],
    ...Array.from({ length: count * rows * columns }, (_, i) => (firstPixel + i) & 255),
  );

export const idxLabels = (labels: readonly number[]): Uint8Array =>
  Uint8Array.of(0, 0, 8, 1, ...word(labels.length), ...labels);

interface IdxNames {
  readonly train: string;
  readonly test: string;
}

/** The four files of a set. `#` in a name stands for `images` and for `labels`, `@` for their idx. */
export const idxSet = (
  labels: readonly number[],
  { train, test }: IdxNames = { train: 'train-#-@-ubyte', test: 't10k-#-@-ubyte' },
  [rows, columns]: readonly [number, number] = [2, 3],
): Files => {
  const images = (name: string): string => name.replace('#', 'images').replace('@', 'idx3');
  const named = (name: string): string => name.replace('#', 'labels').replace('@', 'idx1');
  return {
    [images(train)]: idxImages(labels.length, rows, columns),
    [named(train)]: idxLabels(labels),
    [images(test)]: idxImages(1, rows, columns, 200),
    [named(test)]: idxLabels(labels.slice(0, 1)),
  };
};

/** A CIFAR-10 batch of one picture for each label; `fill` is the value of all its pixels. */
export const cifarBatch = (labels: readonly number[], fill = 0): Uint8Array =>
  Uint8Array.from(labels.flatMap(label => [label, ...new Array(3072).fill(fill)]));

/** The training batches of these numbers, each of two pictures, and the test batch. */
export const cifarSet = (batches: readonly number[]): Files => ({
  ...Object.fromEntries(batches.map(batch => [`data_batch_${batch}.bin`, cifarBatch([batch, 9], batch)])),
  'test_batch.bin': cifarBatch([1], 200),
});

/** Five batches of two pictures each, with all ten classes, and the test batch. Nothing is odd about it. */
export const wholeCifarSet: Files = {
  ...cifarSet([]),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5].map(batch => [
      `data_batch_${batch}.bin`,
      cifarBatch([2 * batch - 2, 2 * batch - 1], batch),
    ]),
  ),
};

/** Reads files in memory. `problems` are paths that cannot be read, each with its reason. */
export function readFiles(
  files: Files,
  name = 'mine',
  problems: Readonly<Record<string, string>> = {},
): Promise<Result<DatasetFiles>> {
  const listed: ListedFile[] = [
    ...Object.keys(files).map(path => ({ path })),
    ...Object.entries(problems).map(([path, problem]) => ({ path, problem })),
  ];
  const read = async (path: string) => accepted(files[path] ?? new Uint8Array());
  return readDatasetFiles(listed, read, { name, where: 'FOLDER' });
}

/** What is read of these files, or why they are refused. */
export const read = async (files: Files, name?: string) => unwrap(await readFiles(files, name));
export const refusal = async (files: Files, name?: string) => refusalOf(await readFiles(files, name));

export const without = (files: Files, ...names: readonly string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));
export const below = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));
export const packed = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]));
