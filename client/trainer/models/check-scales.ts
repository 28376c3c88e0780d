import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { whyImpossible } from '../../../shared/protocol/statistic.ts';
import type { ModelRequest } from '../trainer-api.ts';
import { statisticOf } from './cut-model.ts';
import { ModelRefusal } from './model-graph.ts';
import { ramp } from './ramp.ts';

/** A variance that is off by more is one of other pictures. Another data set, or another photographer, is off by less. */
const LARGEST_RATIO = 1_000;

/**
 * Statistics that a host's batch norms keep must be such as an update may have: every update would be refused.
 * @throws ModelRefusal
 */
export function checkStatistics(model: tfl.LayersModel): void {
  for (const layer of model.layers)
    for (const weight of layer.weights) {
      const statistic = statisticOf(layer, weight.originalName);
      if (statistic === null) continue;
      const values = weight.read().dataSync() as Float32Array;
      const why = whyImpossible(weight.originalName, statistic, values);
      if (why !== null) throw new ModelRefusal(why);
    }
}

/**
 * Compares the variance that a network's first batch norm keeps with that of a picture from black to white. Kept
 * weights that learnt from pictures in [0, 255], without a rescaling in the network, are off by 65,025.
 * @returns what cannot be right, in words for the network's owner; null if nothing is found
 */
export async function wrongScale(model: tfl.LayersModel, request: ModelRequest): Promise<string | null> {
  const norm = model.layers.find(layer => layer.getClassName() === 'BatchNormalization');
  const variance = norm?.weights.find(({ originalName }) => originalName.endsWith('/moving_variance'));
  if (!norm || !variance || Array.isArray(norm.input)) return null;
  const before = tfl.model({ inputs: model.inputs, outputs: norm.input });
  const ratio = tf.tidy(() => {
    const x = before.predict(ramp([1, ...request.inputShape])) as tf.Tensor;
    return tf.div(tf.mean(variance.read()), tf.add(tf.moments(x).variance, Number.EPSILON));
  });
  const [value = 1] = await ratio.data();
  ratio.dispose();
  if (!(value >= LARGEST_RATIO)) return null;
  return `layer ${norm.name} keeps a variance ${Math.round(value)} times that of a picture in [0, 1]: if the network learnt from pictures in [0, 255], put a Rescaling of 255 in front`;
}
