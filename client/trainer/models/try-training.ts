import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { ModelRequest } from '../trainer-api.ts';
import { crossEntropies } from '../training/losses.ts';
import { ModelRefusal } from './model-graph.ts';

/**
 * Runs one example forwards and backwards on the backend in use. Some layers of tf.layers have no gradient in tfjs,
 * or only one for other axes. So the host is told here, and not every volunteer in a lease. The model's weights are
 * left as they were.
 * @throws ModelRefusal if that fails, or if a result is not a finite number
 */
export async function tryTraining(model: tfl.LayersModel, request: ModelRequest): Promise<void> {
  const refuse = (reason: string): never => {
    throw new ModelRefusal(`${request.name} cannot be trained here: ${reason}`);
  };
  const size = await trainOnce(model, request).catch((error: unknown) =>
    refuse((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''),
  );
  if (!Number.isFinite(size)) refuse('its loss or a gradient on one example is not a finite number');
}

/** The loss plus the sizes of all gradients; it is finite only if each of them is. */
async function trainOnce(model: tfl.LayersModel, { inputShape, classes }: ModelRequest): Promise<number> {
  const sum = tf.tidy(() => {
    // In training, batch norms move the statistics that they keep.
    const kept = model.nonTrainableWeights.map(weight => [weight, tf.clone(weight.read())] as const);
    try {
      const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
      const label = tf.oneHot(tf.tensor1d([0], 'int32'), classes);
      const { value, grads } = tf.variableGrads(() => {
        const logits = model.apply(ramp(inputShape), { training: true }) as tf.Tensor;
        return tf.mean(crossEntropies(logits, tf.cast(label, 'float32')));
      }, variables);
      return tf.addN([value, ...Object.values(grads).map(gradient => tf.sum(tf.abs(gradient)))]);
    } finally {
      for (const [weight, value] of kept) weight.write(value);
    }
  });
  const [size = Number.NaN] = await sum.data();
  sum.dispose();
  return size;
}

/** A batch of one picture, from black to white. */
function ramp([height, width, channels]: ModelRequest['inputShape']): tf.Tensor4D {
  return tf.reshape(tf.linspace(0, 1, height * width * channels), [1, height, width, channels]);
}
