import * as z from 'zod';
import { encodeUtf8, parseJsonBytes } from '../../../../shared/math/utf8.ts';
import { modelFileName, weightPaths, withoutByteOrderMark } from '../../../host/model-files.ts';
import { metadataFile } from '../../../host/model-metadata.ts';
import { forUnitPictures } from '../../../host/unit-pictures.ts';
import type { ModelFiles } from '../../../trainer/trainer-api.ts';
import { newRunWords } from '../../words/new-run-words.ts';
import type { ChosenFile } from './chosen-file.ts';
import { unzipAll } from './unzip-model.ts';

/** A network of the host's own. */
export interface OwnModel {
  readonly model: string;
  readonly files: ModelFiles;
  /** Input sizes that it says itself, and names of its classes. Both are for people. */
  readonly notes: readonly string[];
}

/**
 * Reads a network out of what was picked or dropped: a `model.json` with its weights, a folder or a zip of Teachable
 * Machine, or a `.keras` file, of which the layers can be read and the weights cannot.
 * @throws Error in words with what to do, if there is no such network among the files
 */
export async function readOwnModel(chosen: readonly ChosenFile[]): Promise<OwnModel> {
  const files = await unzipAll(chosen);
  const keras = files.find(isKerasConfig(files));
  if (keras) return readKeras(keras, files);
  const json = await findModelJson(files);
  const modelJson = withoutByteOrderMark(await json.read());
  const paths = weightPaths(modelJson);
  const loose = paths.filter(path => !besideAt(path, json, files));
  const twice = loose.find((path, i) => loose.some((other, j) => j < i && isAlike(path, other)));
  if (twice !== undefined) throw new Error(newRunWords().own.twoWeights(lastPart(twice)));
  const weights = await Promise.all(
    paths.map(async path => [path, await fileAt(path, json, files).read()] as const),
  );
  const metadataJson = await files.find(({ path }) => lastPart(path) === metadataFile)?.read();
  const machine = machineSchema.safeParse(metadataJson && parseJsonBytes(metadataJson)).data;
  const name = nameOf({ path: json.path, said: machine?.modelName, topology: parseJsonBytes(modelJson) });
  return {
    model: name,
    files: { modelJson: forUnitPictures(modelJson, metadataJson), weights: Object.fromEntries(weights) },
    notes: machine?.labels ? [newRunWords().own.labels(machine.labels.join(', '))] : [],
  };
}

const lastPart = (path: string): string => path.split('/').at(-1) ?? path;
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

const isAlike = (path: string, other: string): boolean =>
  path !== other && lastPart(path) === lastPart(other);

/** The file at this path from the folder of the model.json, if the browser told folders. */
const besideAt = (path: string, json: ChosenFile, files: readonly ChosenFile[]): ChosenFile | undefined =>
  files.find(file => file.path === [folderOf(json.path), path].filter(Boolean).join('/'));

/** A browser tells a picked file's name, not its folder. So weights are found by the last name in their path too. */
function fileAt(path: string, json: ChosenFile, files: readonly ChosenFile[]): ChosenFile {
  const name = lastPart(path);
  const file = besideAt(path, json, files) ?? files.find(other => lastPart(other.path) === name);
  if (!file) throw new Error(newRunWords().own.weightsMissing(name));
  return file;
}

/** @throws Error with what the files are instead, and how to export a network that can be read */
async function findModelJson(files: readonly ChosenFile[]): Promise<ChosenFile> {
  const words = newRunWords().own;
  const jsons = files.filter(({ path }) => /\.json$/i.test(path));
  const named = jsons.filter(({ path }) => /^model\.json$/i.test(lastPart(path)));
  const candidates = named.length > 0 ? named : await withTopology(jsons);
  const [json, ...more] = candidates;
  if (json && more.length === 0) return json;
  if (json) throw new Error(words.severalModels);
  const has = (pattern: RegExp): boolean => files.some(({ path }) => pattern.test(path));
  if (has(/\.(h5|hdf5)$/i)) throw new Error(words.hdf5);
  if (has(/\.pb$/i)) throw new Error(words.savedModel);
  if (has(/\.tflite$/i)) throw new Error(words.tflite);
  if (has(/\.(pt|pth|onnx|safetensors|ckpt)$/i)) throw new Error(words.otherLibrary);
  throw new Error(words.noModel);
}

const topologySchema = z.looseObject({ modelTopology: z.unknown() });

async function withTopology(jsons: readonly ChosenFile[]): Promise<ChosenFile[]> {
  if (jsons.length === 1) return [...jsons];
  const read = await Promise.all(
    jsons.map(async json => {
      const parsed = topologySchema.safeParse(parseJsonBytes(withoutByteOrderMark(await json.read())));
      return parsed.data?.modelTopology === undefined ? [] : [json];
    }),
  );
  return read.flat();
}

/** What Teachable Machine writes beside a network. */
const machineSchema = z.looseObject({
  modelName: z.string().optional(),
  labels: z.array(z.string()).max(1_000).optional(),
});

const isKerasConfig =
  (files: readonly ChosenFile[]) =>
  ({ path }: ChosenFile): boolean =>
    lastPart(path) === 'config.json' &&
    files.some(
      other => folderOf(other.path) === folderOf(path) && lastPart(other.path) === 'model.weights.h5',
    );

const kerasMetadataSchema = z.looseObject({ keras_version: z.string() });

/** The layers of a `.keras` file. Its weights are HDF5, so the network begins with fresh ones. */
async function readKeras(config: ChosenFile, files: readonly ChosenFile[]): Promise<OwnModel> {
  const model = parseJsonBytes(await config.read());
  const metadata = files.find(({ path }) => path === `${folderOf(config.path)}/metadata.json`);
  const said = metadata && kerasMetadataSchema.safeParse(parseJsonBytes(await metadata.read())).data;
  const topology = { keras_version: said?.keras_version ?? '3.0.0', model_config: model };
  const name = nameOf({ path: config.path, topology: { modelTopology: topology } });
  const modelJson = encodeUtf8(JSON.stringify({ format: 'layers-model', modelTopology: topology }));
  return { model: name, files: { modelJson, weights: {} }, notes: [newRunWords().own.kerasFresh] };
}

/** Names that a library gives when nobody gives one. */
const GENERIC = /^(tf_?js_?)?(model|sequential|functional|my[-_ ]?model|config)([-_ ]?\d+)?$/i;

const namedSchema = z.looseObject({ config: z.looseObject({ name: z.string() }) });
const layersFileSchema = z.looseObject({
  modelTopology: z.union([namedSchema, z.looseObject({ model_config: namedSchema })]),
});

interface NameSources {
  readonly path: string;
  readonly said?: string | undefined;
  readonly topology: unknown;
}

/** The name in the run: of the file, of its folder or zip, or of the network, whichever first says something. */
function nameOf({ path, said, topology }: NameSources): string {
  const parsed = layersFileSchema.safeParse(topology).data?.modelTopology;
  const inner = parsed && namedSchema.safeParse('model_config' in parsed ? parsed.model_config : parsed).data;
  const stem = lastPart(path).replace(/\.json$/i, '');
  const candidates = [stem, lastPart(folderOf(path)), said, inner?.config.name];
  const telling = candidates.find(name => name && !GENERIC.test(name.trim()));
  return modelFileName(telling ?? newRunWords().own.name);
}
