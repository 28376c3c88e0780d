import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { parseJsonBytes } from '../../../shared/math/utf8.ts';
import { modelFileName, weightPaths, withoutByteOrderMark } from '../../host/model-files.ts';
import { metadataFile } from '../../host/model-metadata.ts';
import { forUnitPictures } from '../../host/unit-pictures.ts';
import type { ModelFiles } from '../../trainer/trainer-api.ts';
import { isModelPath } from '../commands/flags.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { describeFileError } from './describe-file-error.ts';
import { isFolder } from './is-folder.ts';

/** The user's own network as it is on disk. */
export interface NamedModelFiles {
  /** That of its file, or of the folder if the file is model.json. */
  readonly name: string;
  readonly files: ModelFiles;
}

/**
 * Reads the network that `--model` names. Null if it is one of the zoo.
 * @throws as `readModelFiles`
 */
export const readOwnModel = async (model: string): Promise<NamedModelFiles | null> =>
  isModelPath(model) ? readModelFiles(model) : null;

/**
 * Reads a `model.json`, or the one in a folder, and the files of weights beside it.
 * @throws UsageError if a file is not there, or is of another format
 */
export async function readModelFiles(path: string): Promise<NamedModelFiles> {
  const json = isFolder(path) ? jsonIn(path) : path;
  const folder = dirname(resolve(json));
  const modelJson = await readJson(json);
  const paths = weightPaths(modelJson);
  const outside = paths.find(weights => !resolve(folder, weights).startsWith(folder + sep));
  if (outside !== undefined)
    throw new UsageError(`${json} names weights outside its folder (${outside}): they are not read`);
  const weights = await Promise.all(paths.map(async name => [name, await read(join(folder, name))] as const));
  const stem = basename(json, '.json');
  const name = stem === 'model' ? basename(folder) : stem;
  const told = await readFile(join(folder, metadataFile)).catch(() => undefined);
  return {
    name: modelFileName(name),
    files: { modelJson: forUnitPictures(modelJson, told), weights: Object.fromEntries(weights) },
  };
}

const CONVERT = 'convert it to a tfjs_layers_model with tensorflowjs_converter';

function jsonIn(folder: string): string {
  const path = join(folder, 'model.json');
  if (existsSync(path)) return path;
  if (existsSync(join(folder, 'saved_model.pb')))
    throw new UsageError(`${folder} holds a SavedModel: ${CONVERT}`);
  throw new UsageError(`${folder} has no model.json. If the file has another name, give its path`);
}

/** What files of other formats begin with. */
const formats = [
  { start: [0x89, 0x48, 0x44, 0x46], words: 'is a Keras file (HDF5)' },
  { start: [0x50, 0x4b, 0x03, 0x04], words: 'is a zip archive, which Keras saves as .keras' },
];

/** The trainer says what is wrong in a model.json. Files that are none are refused here, by their name. */
async function readJson(path: string): Promise<Uint8Array> {
  const bytes = withoutByteOrderMark(await read(path));
  if (bytes.length === 0) throw new UsageError(`${path} is empty`);
  const other = formats.find(({ start }) => start.every((byte, i) => bytes[i] === byte));
  if (other) throw new UsageError(`${path} ${other.words}: ${CONVERT}`);
  if (parseJsonBytes(bytes) === undefined)
    throw new UsageError(`${path} is not JSON, as a model.json is, or nests too deep`);
  return bytes;
}

async function read(path: string): Promise<Uint8Array> {
  try {
    // A file may lie in a buffer that Node shares with others. Only a copy of its own can be handed to a thread.
    return Uint8Array.from(await readFile(path));
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${describeFileError(error)}`);
  }
}
