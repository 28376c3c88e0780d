import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { firstLine } from '../../../shared/protocol/error-text.ts';
import type { ModelRequest } from '../trainer-api.ts';
import { crossEntropies } from '../training/losses.ts';
import { ModelRefusal } from './model-graph.ts';
import { ramp } from './ramp.ts';

/**
 * Runs one example forwards and backwards on the backend in use, and forwards as an evaluation does. Some layers of
 * tf.layers have no gradient in tfjs.
 * So the host is told here, and not every volunteer in a lease. The model's weights are left as they were.
 * @throws ModelRefusal if that fails, or if a result is not a finite number; it names the layer
 */
export async function tryTraining(model: tfl.LayersModel, request: ModelRequest): Promise<void> {
  const size = await trainOnce(model, request).catch(async (error: unknown) => {
    throw await refusal(model, request.name, `tfjs says: ${firstLine(error)}`);
  });
  if (!Number.isFinite(size))
    throw await refusal(model, request.name, 'its loss or a gradient on one example is not a finite number');
}

/** The loss plus the sizes of all gradients; it is finite only if each of them is. */
async function trainOnce(model: tfl.LayersModel, { inputShape, classes }: ModelRequest): Promise<number> {
  const sum = tf.tidy(() =>
    keepingStatistics(model, () => {
      const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
      const label = tf.oneHot(tf.tensor1d([0], 'int32'), classes);
      const picture = ramp([1, ...inputShape]);
      const { value, grads } = tf.variableGrads(() => {
        const logits = model.apply(picture, { training: true }) as tf.Tensor;
        return tf.mean(crossEntropies(logits, tf.cast(label, 'float32')));
      }, variables);
      const judged = model.apply(picture, { training: false }) as tf.Tensor;
      return tf.addN([value, ...[judged, ...Object.values(grads)].map(tensor => tf.sum(tf.abs(tensor)))]);
    }),
  );
  return readNumber(sum);
}

/** In training, batch norms move the statistics that they keep. If it fails, tfjs leaves the tape of its gradients. */
function keepingStatistics<T>(model: tfl.LayersModel, run: () => T): T {
  const kept = model.nonTrainableWeights.map(weight => [weight, tf.clone(weight.read())] as const);
  try {
    return run();
  } catch (error) {
    disposeTape();
    throw error;
  } finally {
    for (const [weight, value] of kept) weight.write(value);
  }
}

/** What is used here of tfjs's engine. Each step of the tape keeps tensors for its gradient. */
interface EngineState {
  activeTape: readonly { readonly saved?: readonly tf.Tensor[] }[] | null;
}

function disposeTape(): void {
  const { state } = tf.engine() as unknown as { readonly state: EngineState };
  for (const { saved = [] } of state.activeTape ?? []) tf.dispose([...saved]);
  state.activeTape = null;
}

async function readNumber(scalar: tf.Tensor): Promise<number> {
  const [value = Number.NaN] = await scalar.data();
  scalar.dispose();
  return value;
}

/** Says which layer it is, which the error of a whole network does not. */
async function refusal(model: tfl.LayersModel, name: string, reason: string): Promise<ModelRefusal> {
  for (const layer of model.layers) {
    const why = await layerFailure(model, layer);
    if (why !== null)
      return new ModelRefusal(
        `${name} cannot be trained here: layer ${layer.name} (${layer.getClassName()}) fails on one example. ${why}`,
      );
  }
  return new ModelRefusal(`${name} cannot be trained here. ${reason}`);
}

/** Why a layer alone cannot go forwards and backwards; null if it can. */
async function layerFailure(model: tfl.LayersModel, layer: tfl.layers.Layer): Promise<string | null> {
  const inputs = [layer.input].flat().map(({ shape }) => shape.map(size => size ?? 1));
  if (inputs.length === 0 || model.inputLayers.includes(layer)) return null;
  try {
    const sum = tf.tidy(() => keepingStatistics(model, () => layerGradients(layer, inputs)));
    return Number.isFinite(await readNumber(sum)) ? null : 'A result is not a finite number';
  } catch (error) {
    return `tfjs says: ${firstLine(error)}`;
  }
}

function layerGradients(layer: tfl.layers.Layer, shapes: readonly number[][]): tf.Tensor {
  const variables = layer.trainableWeights.map(weight => weight.read() as tf.Variable);
  const inputs: tf.Variable[] = [];
  try {
    for (const shape of shapes) inputs.push(tf.variable(ramp(shape)));
    const { value, grads } = tf.variableGrads(
      () => tf.sum(layer.call(inputs, { training: true }) as tf.Tensor) as tf.Scalar,
      [...inputs, ...variables],
    );
    return tf.addN([value, ...Object.values(grads).map(gradient => tf.sum(tf.abs(gradient)))]);
  } finally {
    tf.dispose(inputs);
  }
}
