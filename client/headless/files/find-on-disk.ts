import { basename, resolve } from 'node:path';
import { isSameName } from '../../../shared/datasets/files/known-sets.ts';
import type { DecodePicture } from '../../../shared/datasets/import/decode-picture.ts';
import { whyRefused } from '../../../shared/datasets/import/file-problems.ts';
import { type FindOptions, findData } from '../../../shared/datasets/import/find-data.ts';
import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import { builtInNames, MAX_NAME_LENGTH } from '../../../shared/protocol/dataset.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import { isPlain } from '../../../shared/protocol/one-line.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { listSource } from './list-source.ts';

/**
 * Finds the data in a folder or a file: pictures in folders of their classes, CSV, IDX files (MNIST and its kin), CIFAR
 * binaries; a zip of any of them.
 * @throws UsageError that says which file is wrong and where
 */
export async function findOnDisk(
  path: string,
  options: Omit<FindOptions, 'decode' | 'where'> = {},
): Promise<FoundData> {
  const name = options.name ?? nameOf(path);
  requireName(name);
  const found = await findData(listSource(path), { ...options, name, where: path, decode });
  if (found.ok) return found.value;
  throw new UsageError(whyRefused(found));
}

const nameOf = (path: string): string =>
  basename(resolve(path)).replace(/(\.(csv|tsv|txt|data|zip|tm|gz))+$/i, '');

/** The decoder is loaded only if there are pictures. */
const decode: DecodePicture = async (bytes, wanted) => (await loadDecoder()).decodePicture(bytes, wanted);

async function loadDecoder() {
  try {
    return await import('./decode-picture.ts');
  } catch (error) {
    throw new UsageError(
      `pictures cannot be decoded on this machine: the library sharp does not load (${errorText(error)}). Import them in the page, or run npm install again`,
    );
  }
}

function requireName(name: string): void {
  const builtIn = builtInNames.find(known => isSameName(name, known));
  if (builtIn !== undefined)
    throw new UsageError(`${builtIn} is a built-in data set: give yours another name with --name`);
  if (name.trim() === '' || name.length > MAX_NAME_LENGTH)
    throw new UsageError(
      `a data set's name has 1 to ${MAX_NAME_LENGTH} characters, and '${name}' has ${name.length}: give it one with --name`,
    );
  if (!isPlain(name))
    throw new UsageError(
      `a data set's name is one line without control characters, and '${name}' is not: give it one with --name`,
    );
}
