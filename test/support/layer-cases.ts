import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { registerLayers } from '../../client/trainer/layers/register-layers.ts';
import { drawOf } from './draw.ts';
import { type CaseGroup, type KernelCase, noise } from './kernel-case.ts';
import { CONVOLUTIONS } from './layer-cases/convolutions.ts';
import { FUNCTIONS } from './layer-cases/functions.ts';
import type { LayerSetting, LayerTable } from './layer-cases/layer-setting.ts';
import { POOLINGS } from './layer-cases/poolings.ts';
import { SEQUENCES } from './layer-cases/sequences.ts';
import { SHAPES } from './layer-cases/shapes.ts';

registerLayers();

const TABLE: LayerTable = { ...CONVOLUTIONS, ...POOLINGS, ...FUNCTIONS, ...SHAPES, ...SEQUENCES };

/** Classes that are in no network of pictures, or that have no cases of their own. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  InputLayer: 'computes nothing',
  Embedding: 'reads whole numbers, and has no gradient for them',
  CategoryEncoding: 'reads whole numbers, and has no gradient for them',
  CenterCrop: 'becomes Cropping2D when a network is read; the layer itself stretches what it cuts out',
  MaxPooling3D:
    'is for films, and is refused: tfjs has it wrong if a window is no cube, or all its values are negative',
  RandomWidth: 'draws random numbers that no seed holds',
  RNN: 'is the form of SimpleRNN, GRU and LSTM',
  SimpleRNNCell: 'is part of SimpleRNN',
  GRUCell: 'is part of GRU',
  LSTMCell: 'is part of LSTM',
  StackedRNNCells: 'is part of RNN',
  ConvLSTM2DCell: 'is part of ConvLSTM2D',
  Model: 'is a network',
  Functional: 'is a network',
  Sequential: 'is a network',
};

/** Layers by class, each with so many drawn settings; those that train are tried in training and in evaluation. */
export const layerCases = (settings: number): CaseGroup[] =>
  Object.entries(TABLE).map(([className, draw]) => ({
    name: className,
    kernels: [],
    cases: Array.from({ length: settings }, (_, i) =>
      layerCase(className, draw(drawOf('layer cases', className, i)), i % 2 === 0),
    ),
  }));

/** Layers that tf.layers knows, and the sweep does not. */
export function missingClasses(): string[] {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  return Object.entries(classNameMap)
    .filter(([, [layerClass]]) => layerClass.prototype instanceof tfl.layers.Layer)
    .map(([className]) => className)
    .filter(className => !(className in TABLE) && !(className in LEFT_OUT));
}

function layerCase(className: string, setting: LayerSetting, isTraining: boolean): KernelCase {
  const training = isTraining && setting.trains !== false;
  const shapes = setting.inputs.map(shape => `[${shape}]`).join(' ');
  return {
    name: `${className} ${JSON.stringify(setting.config)} on ${shapes}${training ? ', training' : ''}`,
    compute: () => computeLayer(makeLayer(className, setting.config), setting, training),
  };
}

function makeLayer(className: string, config: tf.serialization.ConfigDict): tfl.layers.Layer {
  const entry = tf.serialization.SerializationMap.getMap().classNameMap[className];
  const layer = entry?.[1](entry[0], { ...config });
  if (!(layer instanceof tfl.layers.Layer)) throw new Error(`there is no layer ${className}`);
  return layer;
}

/** The output, the gradients of inputs and weights, and the weights that the layer itself changed. */
function computeLayer(layer: tfl.layers.Layer, setting: LayerSetting, training: boolean): tf.Tensor[] {
  const inputs = setting.inputs.map((shape, i) => tf.variable(noise(shape, i + 1)));
  const run = (): tf.Tensor => outputOf(layer, inputs, training);
  try {
    // Builds the weights.
    const dy = noise(run().shape, 99);
    layer.setWeights(layer.weights.map(({ name, shape }, i) => weightOf(name, shape, i)));
    const isDifferentiable = setting.gradients ? setting.gradients === 'in training' && training : true;
    const gradients = isDifferentiable ? gradientsOf(layer, inputs, () => tf.sum(tf.mul(run(), dy))) : [];
    return [run(), ...gradients, ...layer.nonTrainableWeights.map(weight => tf.clone(weight.read()))];
  } finally {
    tf.dispose(inputs);
    for (const weight of layer.weights) weight.dispose();
  }
}

function outputOf(layer: tfl.layers.Layer, inputs: readonly tf.Tensor[], training: boolean): tf.Tensor {
  const [only, ...others] = inputs;
  const output = layer.apply(only && others.length === 0 ? only : [...inputs], { training });
  if (output instanceof tf.Tensor) return output;
  throw new Error('one output expected');
}

function gradientsOf(
  layer: tfl.layers.Layer,
  inputs: readonly tf.Variable[],
  loss: () => tf.Scalar,
): tf.Tensor[] {
  const weights = layer.trainableWeights.map(weight => weight.read()).filter(isVariable);
  const variables = [...inputs, ...weights];
  const { grads } = tf.variableGrads(loss, variables);
  return variables.map(({ name }) => {
    const gradient = grads[name];
    if (!gradient) throw new Error(`there is no gradient of ${name}`);
    return gradient;
  });
}

const isVariable = (tensor: tf.Tensor): tensor is tf.Variable => tensor instanceof tf.Variable;

/** A variance is positive. */
function weightOf(name: string, shape: tfl.Shape, seed: number): tf.Tensor {
  const values = tf.mul(
    noise(
      shape.map(size => size ?? 1),
      50 + seed,
    ),
    0.5,
  );
  return /variance/.test(name) ? tf.add(tf.abs(values), 0.5) : values;
}
