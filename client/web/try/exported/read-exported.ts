import * as z from 'zod';
import { parseJsonBytes } from '../../../../shared/math/utf8.ts';
import type { ImageShape } from '../../../../shared/protocol/part-size.ts';
import { weightPaths, withoutByteOrderMark } from '../../../host/model-files.ts';
import { type ModelMetadata, metadataFile, modelMetadataSchema } from '../../../host/model-metadata.ts';
import type { ModelFiles } from '../../../trainer/trainer-api.ts';
import { tryWords } from '../../words/try-words.ts';
import type { NamedFiles } from './named-files.ts';

/** A network out of its run, with what is known of it. */
export interface ExportedFiles {
  readonly files: ModelFiles;
  readonly metadata: ModelMetadata;
  readonly shape: ImageShape;
  readonly classes: number;
}

/** Reads a network out of files. Only the names matter, not the folders. @throws an error that says what is missing */
export async function readExported(named: NamedFiles): Promise<ExportedFiles> {
  const words = tryWords().wholePage;
  const at = (path: string): string | undefined =>
    named.names.find(name => name === path) ?? named.names.find(name => lastPart(name) === lastPart(path));
  const json = at('model.json');
  if (json === undefined) throw new Error(words.noModelJson);
  const modelJson = withoutByteOrderMark(await named.read(json));
  const weights = weightPaths(modelJson).map(async path => {
    const name = at(path);
    if (name === undefined) throw new Error(words.lacksFile(path));
    return [path, await named.read(name)] as const;
  });
  const told = at(metadataFile);
  return described(
    { modelJson, weights: Object.fromEntries(await Promise.all(weights)) },
    told === undefined ? undefined : await named.read(told),
  );
}

/** The same from an address: that of a model.json, or of the folder that it lies in. @throws if something is not there */
export async function fetchExported(address: string): Promise<ExportedFiles> {
  const base = new URL(address, location.href);
  const json = new URL(/\.json$/i.test(base.pathname) ? base : new URL('model.json', inFolder(base)));
  const modelJson = withoutByteOrderMark(await fetchBytes(json));
  const weights = weightPaths(modelJson).map(
    async path => [path, await fetchBytes(new URL(path, json))] as const,
  );
  const told = fetchBytes(new URL(metadataFile, json)).catch(() => undefined);
  return described({ modelJson, weights: Object.fromEntries(await Promise.all(weights)) }, await told);
}

const inFolder = (url: URL): URL => (url.pathname.endsWith('/') ? url : new URL(`${url.href}/`));

async function fetchBytes(url: URL): Promise<Uint8Array> {
  const response = await fetch(url, { credentials: 'omit' }).catch(() => null);
  if (!response?.ok) throw new Error(tryWords().wholePage.notReached(url.href));
  return new Uint8Array(await response.arrayBuffer());
}

const lastPart = (path: string): string => path.split('/').at(-1) ?? path;

const topologySchema = z.looseObject({
  modelTopology: z.unknown(),
  weightsManifest: z
    .array(z.looseObject({ weights: z.array(z.looseObject({ shape: z.array(z.number()) })) }))
    .optional()
    .catch(undefined),
});

/** What metadata.json says, and otherwise what can be seen in model.json. @throws if neither says the size of pictures */
function described(files: ModelFiles, metadataJson: Uint8Array | undefined): ExportedFiles {
  const metadata = modelMetadataSchema.parse((metadataJson && parseJsonBytes(metadataJson)) ?? {});
  const model = topologySchema.safeParse(parseJsonBytes(files.modelJson)).data;
  const shape = metadata.imageShape ?? shapeIn(model?.modelTopology);
  if (!shape) throw new Error(tryWords().wholePage.noShape);
  // The last layer's weights come last, and its last axis is that of the classes.
  const last = model?.weightsManifest?.at(-1)?.weights.at(-1)?.shape.at(-1);
  return { files, metadata, shape, classes: metadata.labels?.length ?? last ?? 2 };
}

/** The first shape of an input, in whatever depth: of tf.layers, Keras 2 or Keras 3. */
function shapeIn(topology: unknown): ImageShape | null {
  const [, height, width, channels] =
    /"batch_(?:input_)?shape":\[(?:null|\d+),(\d+),(\d+),(\d+)\]/.exec(JSON.stringify(topology) ?? '') ?? [];
  return channels === undefined
    ? null
    : { height: Number(height), width: Number(width), channels: Number(channels) };
}
