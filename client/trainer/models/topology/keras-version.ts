import * as z from 'zod';
import { fieldOf } from './json-fields.ts';
import type { RawLayer, RawModel } from './raw-model.ts';
import type { KerasVersion } from './settings.ts';

const versionSchema = z.looseObject({ keras_version: z.string() });

/**
 * Which Keras wrote a topology. It says so beside the topology or in it; else what only Keras 3 writes shows it.
 * tf.layers writes its own version in that place, and means what Keras 2 means.
 */
export function kerasVersionOf(topology: unknown, model: RawModel): KerasVersion {
  const told = versionSchema.safeParse(topology).data?.keras_version;
  if (told !== undefined) return Number.parseInt(told, 10) >= 3 ? 3 : 2;
  return isOfKeras3(model) ? 3 : 2;
}

const isOfKeras3 = ({ layers }: RawModel): boolean =>
  layers.some(layer => isWrittenByKeras3(layer) || (layer.model !== null && isOfKeras3(layer.model)));

/** Its own way of calls, of types, and of an input's shape. */
const isWrittenByKeras3 = ({ isKeras3, config }: RawLayer): boolean =>
  isKeras3 || config.batch_shape !== undefined || fieldOf(config.dtype, 'class_name') === 'DTypePolicy';
