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

/** As tf.layers' `model.json` names its files of weights. */
export const weightsManifestSchema = z.array(
  z.looseObject({ paths: z.array(z.string()).min(1), weights: z.array(specSchema) }),
);

export type WeightsManifest = z.infer<typeof weightsManifestSchema>;

/**
 * Sets a model's weights from the files that its manifest names.
 * @throws ModelRefusal where a file or a weight is missing, or does not fit
 */
export function loadWeights(
  model: tfl.LayersModel,
  manifest: WeightsManifest,
  files: Readonly<Record<string, Uint8Array>>,
): void {
  tf.tidy(() => {
    const found = new Map(manifest.flatMap(group => Object.entries(decodeGroup(group, files))));
    for (const weight of model.weights) weight.write(weightFor(weight, found));
  });
}

function decodeGroup(
  { paths, weights }: WeightsManifest[number],
  files: Readonly<Record<string, Uint8Array>>,
): tf.NamedTensorMap {
  const bytes = concatBytes(
    paths.map(path => {
      const file = files[path];
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
    throw new ModelRefusal(`${paths.join(' and ')} do not hold the weights that model.json tells of`);
  }
}

function weightFor(weight: tfl.LayerVariable, found: ReadonlyMap<string, tf.Tensor>): tf.Tensor {
  const { originalName, shape } = weight;
  const tensor = found.get(originalName) ?? byEnding(found, originalName);
  if (!tensor) throw new ModelRefusal(`model.json has no weight ${originalName}`);
  if (tensor.dtype !== 'float32')
    throw new ModelRefusal(`weight ${originalName} is of type ${tensor.dtype}: only float32 is trained here`);
  if (tensor.shape.join() !== shape.join())
    throw new ModelRefusal(`weight ${originalName} is [${tensor.shape}], its layer wants [${shape}]`);
  return tensor;
}

/** Keras puts the model's name before the layer's, and older ones a scope between layer and weight. */
function byEnding(found: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor | undefined {
  const [layer, weight] = name.split('/');
  const isThis = (parts: readonly string[]): boolean =>
    parts.at(-1) === weight && (parts.at(-2) === layer || (parts[0] === layer && parts.length === 3));
  const matches = [...found].filter(([given]) => isThis(given.split('/')));
  return matches.length === 1 ? matches[0]?.[1] : undefined;
}
