import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { registerLayers } from '../../../client/trainer/layers/register-layers.ts';
import { nesterovUpdate } from '../../../client/trainer/ops/nesterov-update.ts';
import { noise } from '../../support/kernel-case.ts';
import { DRAWN_ELEMENT_GROUPS } from '../../support/kernel-cases/drawn-elements.ts';
import { fewerCasesOf } from '../../support/kernel-cases.ts';
import { JOINT_SAMPLES, LAYER_SAMPLES } from '../../support/layer-samples.ts';

/** Kernels that only hand a tensor on under another name or shape, or make one of nothing. */
const TRIVIAL = new Set(['Identity', 'Reshape', 'ExpandDims', 'Fill', 'ZerosLike', 'OnesLike', 'Range']);

beforeAll(async () => {
  registerLayers();
  registerCpuKernels();
  await tf.setBackend('cpu');
});

/** Names of the kernels that a computation calls, its gradients' too. */
async function kernelsOf(compute: () => void): Promise<readonly string[]> {
  const { kernelNames } = await tf.profile(() => {
    tf.tidy(compute);
    return [];
  });
  return kernelNames;
}

const picture = (): tfl.SymbolicTensor => tfl.input({ shape: [6, 6, 4] });

function chain(layer: tfl.layers.Layer): tfl.LayersModel {
  const input = picture();
  return tfl.model({ inputs: input, outputs: layer.apply(input) as tfl.SymbolicTensor });
}

/** The joint of a picture with another one, and of a picture with one row of channels. */
function joint(layer: tfl.layers.Layer, isRow: boolean): tfl.LayersModel {
  const input = picture();
  const pool = tfl.layers.averagePooling2d({ poolSize: isRow ? 6 : 1 });
  const second = pool.apply(input) as tfl.SymbolicTensor;
  return tfl.model({ inputs: input, outputs: layer.apply([input, second]) as tfl.SymbolicTensor });
}

/** A pass without gradients, and a step of training. */
function train(model: tfl.LayersModel): void {
  const images = noise([2, 6, 6, 4], 1);
  model.predict(images);
  const variables = Object.values(tf.engine().registeredVariables).filter(({ trainable }) => trainable);
  const loss = (input: tf.Tensor) => {
    const logits = tf.reshape(model.apply(input, { training: true }) as tf.Tensor, [2, -1]);
    const labels = tf.oneHot(tf.tensor1d([0, 1], 'int32'), logits.shape[1] ?? 1);
    return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar;
  };
  tf.grad(input => loss(input))(images);
  if (variables.length === 0) return;
  const { grads } = tf.variableGrads(() => loss(images), variables);
  const attrs = { learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3 };
  for (const variable of variables) {
    const gradient = grads[variable.name];
    if (gradient) nesterovUpdate(variable, tf.zerosLike(variable), gradient, attrs);
  }
}

const models: readonly (readonly [string, () => tfl.LayersModel])[] = [
  ...Object.entries(LAYER_SAMPLES).flatMap(([name, makes]) =>
    makes.map(make => [name, () => chain(make())] as const),
  ),
  ...Object.entries(JOINT_SAMPLES).flatMap(([name, make]) =>
    [false, name !== 'Concatenate'].map(isRow => [name, () => joint(make(), isRow)] as const),
  ),
];

it('has every kernel in the table that a step of any layer calls', async () => {
  const inTable = new Set<string>();
  for (const { cases } of [...fewerCasesOf('cpu', 11), ...DRAWN_ELEMENT_GROUPS])
    for (const { compute } of cases) for (const name of await kernelsOf(compute)) inTable.add(name);
  const reached = new Map<string, string>();
  for (const [layer, make] of models) {
    const model = make();
    for (const kernel of await kernelsOf(() => train(model))) reached.set(kernel, layer);
    model.dispose();
  }
  expect(reached.size).toBeGreaterThan(50);
  const missing = [...reached].filter(([kernel]) => !inTable.has(kernel) && !TRIVIAL.has(kernel));
  expect(missing.map(([kernel, layer]) => `${kernel} of ${layer}`)).toEqual([]);
});
