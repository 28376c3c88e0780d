import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readCifar10 } from '../../../shared/datasets/cifar.ts';
import { concatExamples, type Examples } from '../../../shared/datasets/examples.ts';
import { gunzip } from '../../../shared/datasets/gunzip.ts';
import { readIdx } from '../../../shared/datasets/idx.ts';
import { describeRefusal, type Result } from '../../../shared/protocol/refusals.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** Training and test pictures of a data set on disk. */
export interface DatasetFiles {
  readonly name: string;
  readonly train: Examples;
  readonly test: Examples;
  readonly classNames?: string[];
}

/** No file of these data sets unpacks to more: MNIST's 60,000 pictures are 47 MB. */
const MAX_FILE_BYTES = 200_000_000;

/**
 * Reads a folder of IDX files (MNIST, Fashion-MNIST) or of CIFAR-10 binaries. They may be packed with gzip.
 * @throws UsageError that says which file is wrong and where
 */
export function readDataset(folder: string, name = basename(resolve(folder))): DatasetFiles {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UsageError(`there is no folder ${folder}`);
  const names = readdirSync(folder);
  if (names.some(file => file.includes('-images-idx3-ubyte'))) return { name, ...readIdxFolder(folder) };
  if (names.some(file => /^data_batch_\d\.bin/.test(file)))
    return { name, ...readCifarFolder(folder, names) };
  throw new UsageError(
    `${folder} holds neither IDX files (train-images-idx3-ubyte, …) nor CIFAR-10 binaries (data_batch_1.bin, …)`,
  );
}

function readIdxFolder(folder: string): Pick<DatasetFiles, 'train' | 'test'> {
  const read = (prefix: string): Examples => {
    const [imagesName, labelsName] = [`${prefix}-images-idx3-ubyte`, `${prefix}-labels-idx1-ubyte`];
    return orUsageError(
      readIdx(readFile(folder, imagesName), readFile(folder, labelsName), { imagesName, labelsName }),
    );
  };
  return { train: read('train'), test: read('t10k') };
}

function readCifarFolder(folder: string, names: readonly string[]): Omit<DatasetFiles, 'name'> {
  const batches = names.filter(name => /^data_batch_\d\.bin/.test(name)).toSorted();
  const read = (name: string): Examples =>
    orUsageError(readCifar10(readFile(folder, name.replace(/\.gz$/, '')), name));
  const data = { train: concatExamples(batches.map(read)), test: read('test_batch.bin') };
  const meta = join(folder, 'batches.meta.txt');
  if (!existsSync(meta)) return data;
  return {
    ...data,
    classNames: readFileSync(meta, 'utf8')
      .split('\n')
      .filter(line => line.trim() !== ''),
  };
}

/** Reads the file, or unpacks its .gz. */
function readFile(folder: string, name: string): Uint8Array {
  const path = [join(folder, name), join(folder, `${name}.gz`)].find(existsSync);
  if (!path) throw new UsageError(`${folder} lacks ${name} (or ${name}.gz)`);
  return orUsageError(
    gunzip(new Uint8Array(readFileSync(path)), { maxBytes: MAX_FILE_BYTES, name: basename(path) }),
  );
}

function orUsageError<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new UsageError(result.detail ?? describeRefusal(result));
}
