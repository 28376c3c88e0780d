import { parentPort } from 'node:worker_threads';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import * as z from 'zod';
import type { ModelFiles } from '../../../client/trainer/trainer-api.ts';
import type { StockTfjs, StockWeights } from './stock-tfjs.ts';

/** Entry of the thread in which nothing of ours is registered: tfjs's CPU backend and tf.layers alone. */
if (!parentPort) throw new Error('stock tfjs runs in a thread of its own');

const fileSchema = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({ name: z.string(), shape: z.array(z.number()), dtype: z.literal('float32') }),
      ),
    }),
  ),
});

async function load({ modelJson, weights }: ModelFiles): Promise<tfl.LayersModel> {
  const { modelTopology, weightsManifest } = fileSchema.parse(
    JSON.parse(new TextDecoder().decode(modelJson)),
  );
  const [{ paths, weights: weightSpecs } = { paths: [], weights: [] }] = weightsManifest;
  const weightData = Uint8Array.from(weights[paths[0] ?? ''] ?? []).buffer;
  return tfl.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
}

/** The same pictures in the shape that the network takes. */
function picturesFor(model: tfl.LayersModel, pictures: Float32Array, count: number): tf.Tensor {
  const [, ...sizes] = model.inputs[0]?.shape ?? [];
  return tf.tensor(pictures, [count, ...sizes.map(size => size ?? 0)]);
}

const weightsOf = ({ weights }: tfl.LayersModel): StockWeights =>
  Object.fromEntries(
    weights.map(weight => [weight.originalName, Float32Array.from(weight.read().dataSync())]),
  );

/** Of probabilities if the network ends in a softmax, of logits if not. */
function meanLoss(outputs: tf.Tensor, labels: tf.Tensor, areLogits: boolean): tf.Scalar {
  const logs = areLogits ? tf.logSoftmax(outputs) : tf.log(outputs);
  return tf.neg(tf.mean(tf.sum(tf.mul(logs, labels), -1)));
}

const stock: StockTfjs = {
  predict: async (files, pictures, count) => {
    const model = await load(files);
    return Float32Array.from((model.predict(picturesFor(model, pictures, count)) as tf.Tensor).dataSync());
  },
  step: async (files, pictures, labels, { rate, areLogits }) => {
    const model = await load(files);
    const x = picturesFor(model, pictures, labels.length);
    const before = weightsOf(model);
    const y = tf.oneHot(tf.tensor1d([...labels], 'int32'), model.outputShape.at(-1) as number);
    const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
    const cost = () => meanLoss(model.apply(x, { training: true }) as tf.Tensor, y, areLogits);
    const loss = tf.train.sgd(rate).minimize(cost, true, variables)?.dataSync()[0] ?? Number.NaN;
    return { loss, before, after: weightsOf(model) };
  },
};

await tf.setBackend('cpu');
expose(stock, nodeEndpoint(parentPort));
