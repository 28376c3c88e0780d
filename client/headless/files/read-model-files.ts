import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { modelFileName, weightPaths } from '../../host/model-files.ts';
import type { ModelFiles } from '../../trainer/trainer-api.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** The user's own network as it is on disk. Its name is that of its file, or of the folder if the file is model.json. */
export interface NamedModelFiles {
  readonly name: string;
  readonly files: ModelFiles;
}

/** Reads a `model.json` and the files of weights beside it. @throws UsageError if one is not there */
export async function readModelFiles(path: string): Promise<NamedModelFiles> {
  const folder = dirname(resolve(path));
  const modelJson = await read(path);
  const paths = weightPaths(modelJson);
  const outside = paths.find(weights => !resolve(folder, weights).startsWith(folder + sep));
  if (outside !== undefined)
    throw new UsageError(`${path} names weights outside its folder (${outside}): they are not read`);
  const weights = await Promise.all(paths.map(async name => [name, await read(join(folder, name))] as const));
  const stem = basename(path, '.json');
  const name = stem === 'model' ? basename(folder) : stem;
  return { name: modelFileName(name), files: { modelJson, weights: Object.fromEntries(weights) } };
}

async function read(path: string): Promise<Uint8Array> {
  try {
    // A file may lie in a buffer that Node shares with others. Only a copy of its own can be handed to a thread.
    return Uint8Array.from(await readFile(path));
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
