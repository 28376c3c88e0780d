import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import * as z from 'zod';
import { concatBytes } from '../../../shared/math/bytes.ts';
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

/**
 * Sets a model's weights from the files that its manifest names.
 * @param paths by layer, what the names of its weights begin with if they came out of a `.keras` file
 * @throws ModelRefusal if a file or a weight is missing, or does not fit
 */
export function loadWeights(
  model: tfl.LayersModel,
  manifest: WeightsManifest,
  files: Readonly<Record<string, Uint8Array>>,
  paths: ReadonlyMap<string, string> = new Map(),
): void {
  tf.tidy(() => {
    const found = new Map(manifest.flatMap(group => Object.entries(decodeGroup(group, files))));
    for (const layer of model.layers)
      for (const [i, weight] of layer.weights.entries())
        weight.write(weightFor(weight, found, `${paths.get(layer.name)}${i}`));
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
  try {
    return tf.io.decodeWeights(
      bytes.buffer,
      weights.map(spec => ({ ...spec })),
    );
  } catch {
    throw new ModelRefusal(`${paths.join(' and ')} do not hold the weights that model.json describes`);
  }
}

function weightFor(
  weight: tfl.LayerVariable,
  found: ReadonlyMap<string, tf.Tensor>,
  path: string,
): tf.Tensor {
  const { originalName, shape } = weight;
  const given = [...found.keys()];
  const name = found.has(path)
    ? path
    : namesOf(originalName)
        .map(candidate => nameAmong(given, candidate))
        .find(fitting => fitting !== undefined);
  const tensor = name === undefined ? undefined : found.get(name);
  if (!tensor) throw new ModelRefusal(`model.json has no weight ${originalName}`);
  if (tensor.dtype !== 'float32')
    throw new ModelRefusal(`weight ${originalName} is of type ${tensor.dtype}: only float32 is trained here`);
  if (tensor.shape.join() !== shape.join())
    throw new ModelRefusal(`weight ${originalName} is [${tensor.shape}], its layer wants [${shape}]`);
  return tensor;
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

const namesOf = (name: string): string[] => [
  name,
  ...renamed
    .filter(([ours]) => name.endsWith(`/${ours}`))
    .map(([ours, theirs]) => name.slice(0, -ours.length) + theirs),
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
