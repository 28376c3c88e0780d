import * as z from 'zod';
import type { RawModel } from './raw-model.ts';
import type { KerasVersion } from './settings.ts';

const versionSchema = z.looseObject({ keras_version: z.string() });

/**
 * Which Keras wrote a topology. It says so beside the topology or in it; else the way in which layers are called shows
 * it. tf.layers writes its own version in that place, and means what Keras 2 means.
 */
export function kerasVersionOf(topology: unknown, model: RawModel): KerasVersion {
  const told = versionSchema.safeParse(topology).data?.keras_version;
  if (told !== undefined) return Number.parseInt(told, 10) >= 3 ? 3 : 2;
  return isCalledAsKeras3(model) ? 3 : 2;
}

const isCalledAsKeras3 = ({ layers }: RawModel): boolean =>
  layers.some(({ isKeras3, model }) => isKeras3 || (model !== null && isCalledAsKeras3(model)));
