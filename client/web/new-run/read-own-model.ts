import { modelFileName, weightPaths, withoutByteOrderMark } from '../../host/model-files.ts';
import type { ModelFiles } from '../../trainer/trainer-api.ts';

/** A network of the host's own, named after its `model.json`. */
export interface OwnModel {
  readonly model: string;
  readonly files: ModelFiles;
}

/**
 * Reads a `model.json` and its weights out of the files that were chosen. A browser tells a file's name, not its folder,
 * so weights are found by the last name in their path.
 * @throws if the model or a file of weights is not among them, or two files of weights cannot be told apart
 */
export async function readOwnModel(chosen: readonly File[]): Promise<OwnModel> {
  const [json, ...more] = chosen.filter(({ name }) => name.endsWith('.json'));
  if (!json || more.length > 0)
    throw new Error('Choose one model.json, and with it the files of its weights.');
  const modelJson = withoutByteOrderMark(await bytesOf(json));
  const paths = weightPaths(modelJson);
  const twice = paths.find((path, i) => paths.some((other, j) => j < i && isAlike(path, other)));
  if (twice)
    throw new Error(`model.json names two files of weights called ${lastPart(twice)}: rename one of them.`);
  const weights = await Promise.all(
    paths.map(async path => [path, await bytesOf(fileAt(path, chosen))] as const),
  );
  const stem = json.name.slice(0, -'.json'.length);
  return { model: modelFileName(stem), files: { modelJson, weights: Object.fromEntries(weights) } };
}

const lastPart = (path: string): string => path.split('/').at(-1) ?? path;

const isAlike = (path: string, other: string): boolean =>
  path !== other && lastPart(path) === lastPart(other);

function fileAt(path: string, chosen: readonly File[]): File {
  const name = lastPart(path);
  const file = chosen.find(candidate => candidate.name === name);
  if (!file) throw new Error(`model.json names the file of weights ${name}: choose it too.`);
  return file;
}

const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());
