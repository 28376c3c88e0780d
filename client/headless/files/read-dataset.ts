import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { LabelChoice } from '../../../shared/datasets/files/dataset-format.ts';
import { isSameName } from '../../../shared/datasets/files/known-sets.ts';
import { MAX_FILE_BYTES } from '../../../shared/datasets/files/open-slot.ts';
import { type DatasetFiles, readDatasetFiles } from '../../../shared/datasets/files/read-dataset-files.ts';
import { MAX_NAME_LENGTH } from '../../../shared/protocol/dataset.ts';
import { isPlain } from '../../../shared/protocol/one-line.ts';
import { accepted, describeRefusal, type Result, refused } from '../../../shared/protocol/refusals.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { describeFileError } from './describe-file-error.ts';
import { listFolder } from './list-folder.ts';

/**
 * Reads a folder of IDX files (MNIST and its kin) or of CIFAR binaries. They may be packed with gzip, and lie in a
 * folder in this one.
 * @throws UsageError that says which file is wrong and where
 */
export async function readDataset(
  folder: string,
  name = basename(resolve(folder)),
  labels: LabelChoice = 'fine',
): Promise<DatasetFiles> {
  requireName(name);
  const files = listFolder(folder);
  const read = (path: string): Promise<Result<Uint8Array>> => readListed(folder, path);
  const data = await readDatasetFiles(files, read, { name, where: folder, labels });
  if (data.ok) return data.value;
  throw new UsageError(data.detail ?? describeRefusal(data));
}

function requireName(name: string): void {
  if (isSameName(name, 'glyphs'))
    throw new UsageError('glyphs is the built-in data set: give yours another name');
  if (name.trim() === '' || name.length > MAX_NAME_LENGTH)
    throw new UsageError(
      `a data set's name has 1 to ${MAX_NAME_LENGTH} characters, and '${name}' has ${name.length}: give it one with --name`,
    );
  if (!isPlain(name))
    throw new UsageError(
      `a data set's name is one line without control characters, and '${name}' is not: give it one with --name`,
    );
}

async function readListed(folder: string, path: string): Promise<Result<Uint8Array>> {
  try {
    const { size } = await stat(join(folder, path));
    if (size > MAX_FILE_BYTES) return refused('too-large', `${path} is larger than ${MAX_FILE_BYTES} bytes`);
    return accepted(new Uint8Array(await readFile(join(folder, path))));
  } catch (error) {
    return refused('not-found', `${path} cannot be read: ${describeFileError(error)}`);
  }
}
