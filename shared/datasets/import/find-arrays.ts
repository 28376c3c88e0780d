/** Finds IDX and CIFAR files among those that were brought. */
import { pixelsPerImage } from '../../protocol/part-size.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import type { Examples } from '../examples.ts';
import type { LabelChoice } from '../files/dataset-format.ts';
import { readDatasetFiles } from '../files/read-dataset-files.ts';
import { whyRefused } from './file-problems.ts';
import type { FoundData, FoundItem } from './found-data.ts';
import type { SourceFile } from './source-file.ts';

interface ArrayOptions {
  readonly name: string;
  readonly where: string;
  readonly labels?: LabelChoice | undefined;
}

/** Refused as `not-found` if no such files are there, and otherwise if something is wrong with them. */
export async function findArrays(
  files: readonly SourceFile[],
  { name, where, labels = 'fine' }: ArrayOptions,
): Promise<Result<Omit<FoundData, 'problems' | 'problemCount'>>> {
  const root = commonRoot(files.map(({ path }) => path));
  const byPath = new Map(files.map(file => [file.path.slice(root), file]));
  const read = async (path: string): Promise<Result<Uint8Array>> => {
    const file = byPath.get(path);
    const bytes = file ? await file.read() : refused('not-found');
    return bytes.ok ? bytes : refused(bytes.reason, `${path} ${whyRefused(bytes)}`);
  };
  const listed = [...byPath].map(([path, { problem }]) => ({ path, ...(problem && { problem }) }));
  const data = await readDatasetFiles(listed, read, { name, where, labels });
  if (!data.ok) return data;
  const { train, test, classNames, notes } = data.value;
  return accepted({
    kind: 'pixels',
    name: data.value.name,
    classNames: classNames ?? Array.from({ length: train.classes }, (_, label) => String(label)),
    items: [...itemsOf(train, 'train'), ...itemsOf(test, 'test')],
    shape: train.shape,
    notes,
    open: () => ({ read: async index => readFrom([train, test], index) }),
  });
}

/** How much of the paths is the folder that was brought. */
function commonRoot(paths: readonly string[]): number {
  const [first = ''] = paths;
  const length = first.indexOf('/') + 1;
  return paths.every(path => path.startsWith(first.slice(0, length))) ? length : 0;
}

const itemsOf = ({ labels }: Examples, split: 'train' | 'test'): FoundItem[] =>
  Array.from(labels, (label, i) => ({ label, split, path: `${split}ing picture ${i + 1}` }));

function readFrom([first, ...others]: readonly Examples[], index: number): Result<Uint8Array> {
  if (!first) return refused('not-found', 'is not there');
  const count = first.labels.length;
  if (index >= count) return readFrom(others, index - count);
  const bytes = pixelsPerImage(first.shape);
  return accepted(first.pixels.subarray(index * bytes, (index + 1) * bytes));
}
