import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import * as z from 'zod';
import { concatBytes } from '../../../shared/math/bytes.ts';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import { ModelRefusal } from './model-graph.ts';

const specSchema = z.looseObject({
  name: z.string(),
  shape: z.array(z.number().int().min(0)),
  dtype: z.enum(['float32', 'int32', 'bool', 'string', 'complex64']),
});

/** How the `model.json` of tf.layers names its files of weights. */
export const weightsManifestSchema = z.array(
  z.looseObject({ paths: z.array(z.string()).min(1), weights: z.array(specSchema) }),
);

export type WeightsManifest = z.infer<typeof weightsManifestSchema>;

/** How files may name a layer, whose name here may be another one. */
export interface WrittenNames {
  /** The names of the models that it stands in, and its own. */
  readonly path: readonly string[];
  /** Whether no other layer has its own name. */
  readonly isOnly: boolean;
  /** What the names of its weights begin with in a `.keras` file; a number follows. */
  readonly numbered: string | null;
}

/** Weights by the names that the file has. Each is given once. */
interface Found {
  readonly tensors: ReadonlyMap<string, tf.Tensor>;
  readonly names: readonly string[];
  readonly given: Set<string>;
}

/**
 * Sets a model's weights from the files that its manifest names.
 * @param written by layer, how files may name it; by its own name if it is left out
 * @throws ModelRefusal if a file or a weight is missing, or does not fit
 */
export function loadWeights(
  model: tfl.LayersModel,
  manifest: WeightsManifest,
  files: Readonly<Record<string, Uint8Array>>,
  written: ReadonlyMap<string, WrittenNames> = new Map(),
): void {
  tf.tidy(() => {
    const tensors = new Map(manifest.flatMap(group => Object.entries(decodeGroup(group, files))));
    const names = manifest.flatMap(({ weights }) => weights.map(({ name }) => name));
    const found: Found = { tensors, names, given: new Set() };
    for (const layer of model.layers)
      for (const [i, weight] of layer.weights.entries())
        weight.write(weightFor(weight, candidatesFor(layer, weight, i, written.get(layer.name)), found));
  });
}

function decodeGroup(
  { paths, weights }: WeightsManifest[number],
  files: Readonly<Record<string, Uint8Array>>,
): tf.NamedTensorMap {
  const bytes = concatBytes(
    paths.map(path => {
      // A path may be the name of something that every object inherits.
      const file = Object.hasOwn(files, path) ? files[path] : undefined;
      if (!file) throw new ModelRefusal(`the file of weights ${path}, which model.json names, is missing`);
      return file;
    }),
  );
  const described = bytesOf(weights);
  if (described !== undefined && bytes.length > described)
    throw new ModelRefusal(
      `${named(paths, 'has', 'have')} ${bytes.length - described} bytes more than model.json describes: bring the weights of this network`,
    );
  try {
    return tf.io.decodeWeights(
      bytes.buffer,
      weights.map(spec => ({ ...spec })),
    );
  } catch {
    throw new ModelRefusal(
      `${named(paths, 'does not hold', 'do not hold')} the weights that model.json describes`,
    );
  }
}

const named = (paths: readonly string[], one: string, many: string): string =>
  `${paths.join(' and ')} ${paths.length === 1 ? one : many}`;

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, complex64: 8 };

/** What these weights take in a file; undefined if that cannot be told, because they are packed or texts. */
function bytesOf(weights: WeightsManifest[number]['weights']): number | undefined {
  const sizes = weights.map(spec => ('quantization' in spec ? undefined : BYTES[spec.dtype]));
  if (sizes.includes(undefined)) return undefined;
  return weights.reduce((sum, { shape }, i) => sum + (sizes[i] ?? 0) * elementsOf(shape), 0);
}

/** Names that a weight may have, the most exact first. */
function candidatesFor(
  layer: tfl.layers.Layer,
  { originalName }: tfl.LayerVariable,
  index: number,
  written: WrittenNames | undefined,
): string[] {
  const own = originalName.slice(layer.name.length + 1);
  const { path, isOnly, numbered } = written ?? { path: [layer.name], isOnly: true, numbered: null };
  // An inner model may be saved without the names of those around it.
  const layers = path.map((_, i) => path.slice(i).join('/')).filter((_, i) => isOnly || i < path.length - 1);
  const weights = [own, ...renamed.filter(([ours]) => ours === own).map(([, theirs]) => theirs)];
  return [
    ...(numbered === null ? [] : [`${numbered}${index}`]),
    ...weights.flatMap(weight => [layer.name, ...layers].map(name => `${name}/${weight}`)),
    // Keras 2 writes a Normalization's without its layer.
    ...weights.slice(1),
  ];
}

function weightFor(
  { originalName, shape }: tfl.LayerVariable,
  candidates: readonly string[],
  found: Found,
): tf.Tensor {
  const name = candidates
    .map(candidate => nameAmong(found.names, candidate))
    .find(fits => fits !== undefined);
  const tensor = name === undefined ? undefined : found.tensors.get(name);
  if (name === undefined || !tensor) throw missing(originalName, found);
  if (found.given.has(name))
    throw new ModelRefusal(
      `model.json has one weight ${name} for two layers, of which one is ${originalName}: give the layers different names`,
    );
  found.given.add(name);
  if (tensor.dtype !== 'float32')
    throw new ModelRefusal(`weight ${originalName} is of type ${tensor.dtype}: only float32 is trained here`);
  if (tensor.shape.join() !== shape.join())
    throw new ModelRefusal(`weight ${originalName} is [${tensor.shape}], its layer wants [${shape}]`);
  return tensor;
}

function missing(wanted: string, { names }: Found): ModelRefusal {
  // The layer's own name and the weight's.
  const short = wanted.split('/').slice(-2).join('/');
  const isDouble = names.filter(name => name === short || name.endsWith(`/${short}`)).length > 1;
  return new ModelRefusal(
    isDouble
      ? `model.json has several weights ${short}, and does not say which one is ${wanted}: convert the .keras file, or give the layers different names`
      : `model.json has no weight ${wanted}`,
  );
}

/**
 * Other names of a weight. Since Keras 3 a depthwise kernel is a kernel. A Normalization of Keras is trained as a batch
 * norm, whose statistics have other names.
 */
const renamed: readonly (readonly [string, string])[] = [
  ['depthwise_kernel', 'kernel'],
  ['moving_mean', 'mean'],
  ['moving_variance', 'variance'],
];

/**
 * The file's name for a weight. It is one of these, tried in this order: the same name; the name behind the model's
 * name, as Keras writes it; the name behind several others; or the name with a scope between layer and weight, as
 * older files have it. A layer's own name may have slashes, so that `block/a` ends like `a`. If several names fit in
 * one of these ways, none is taken.
 */
function nameAmong(given: readonly string[], name: string): string | undefined {
  const ways: ((candidate: string) => boolean)[] = [
    candidate => candidate === name,
    candidate => candidate.slice(candidate.indexOf('/') + 1) === name,
    candidate => candidate.endsWith(`/${name}`),
    candidate => withoutScope(candidate) === name,
  ];
  const fitting = ways.map(way => given.filter(way)).find(fits => fits.length > 0);
  return fitting?.length === 1 ? fitting[0] : undefined;
}

/** `layer/scope/weight` without the scope. */
function withoutScope(name: string): string {
  const names = name.split('/');
  return [...names.slice(0, -2), ...names.slice(-1)].join('/');
}
