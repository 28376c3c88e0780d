import type { ModelFiles } from '../../../client/trainer/trainer-api.ts';

/** Topologies as Keras writes them, made by hand, and weights for them: the contents of a converter's `model.json`. */
type Json = Readonly<Record<string, unknown>>;

/** A `model.json` and its one file of weights, in which every weight is another small number. */
export function modelFiles(
  modelTopology: Json,
  weights: readonly (readonly [string, number[]])[],
  dtype = 'float32',
) {
  const count = weights.reduce((sum, [, shape]) => sum + sizeOf(shape), 0);
  const values = Float32Array.from({ length: count }, (_, i) => ((i % 13) - 6) / 20);
  let end = 0;
  for (const [name, shape] of weights) {
    const start = end;
    end += sizeOf(shape);
    // No variance is below zero.
    if (name.endsWith('moving_variance')) values.set(values.slice(start, end).map(Math.abs), start);
  }
  const manifest = [
    { paths: ['group1-shard1of1.bin'], weights: weights.map(([name, shape]) => ({ name, shape, dtype })) },
  ];
  const modelJson = {
    format: 'layers-model',
    generatedBy: 'keras v3',
    modelTopology,
    weightsManifest: manifest,
  };
  return {
    modelJson: new TextEncoder().encode(JSON.stringify(modelJson)),
    weights: { 'group1-shard1of1.bin': new Uint8Array(values.buffer) },
  };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

const float32 = {
  module: 'keras',
  class_name: 'DTypePolicy',
  config: { name: 'float32' },
  registered_name: null,
};
const initializer = (class_name: string): Json => ({
  module: 'keras.initializers',
  class_name,
  config: class_name === 'GlorotUniform' ? { seed: null } : {},
  registered_name: null,
});

/** A layer of a chain in Keras 3's words. */
export const keras3 = (class_name: string, name: string, config: Json): Json => ({
  module: 'keras.layers',
  class_name,
  config: { name, trainable: true, dtype: float32, ...config },
  registered_name: null,
  build_config: { input_shape: [null, 1] },
});

export const conv3 = (name: string, filters: number, config: Json = {}): Json =>
  keras3('Conv2D', name, {
    filters,
    kernel_size: [3, 3],
    strides: [1, 1],
    padding: 'same',
    data_format: 'channels_last',
    dilation_rate: [1, 1],
    groups: 1,
    activation: 'relu',
    use_bias: true,
    kernel_initializer: initializer('GlorotUniform'),
    bias_initializer: initializer('Zeros'),
    kernel_regularizer: null,
    bias_regularizer: null,
    activity_regularizer: null,
    kernel_constraint: null,
    bias_constraint: null,
    ...config,
  });

export const dense3 = (name: string, units: number, config: Json = {}): Json =>
  keras3('Dense', name, {
    units,
    activation: 'softmax',
    use_bias: true,
    kernel_initializer: initializer('GlorotUniform'),
    bias_initializer: initializer('Zeros'),
    kernel_regularizer: null,
    ...config,
  });

export const input3 = (shape: readonly (number | null)[]): Json =>
  keras3('InputLayer', 'pictures', { batch_shape: [null, ...shape], sparse: false, ragged: false });

export const sequential3 = (...layers: readonly Json[]): Json => ({
  model_config: {
    module: 'keras',
    class_name: 'Sequential',
    config: {
      name: 'sequential_7',
      trainable: true,
      dtype: float32,
      layers,
      build_input_shape: [null, 8, 8, 1],
    },
    registered_name: 'Sequential',
  },
  keras_version: '3.5.0',
  backend: 'tensorflow',
});

/** A layer that was called with the outputs of these layers, as Keras 3 writes it. */
export const called3 = (layer: Json, ...from: readonly string[]): Json => {
  const tensors = from.map(name => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, 8, 8, 4], dtype: 'float32', keras_history: [name, 0, 0] },
  }));
  const args = tensors.length === 1 ? tensors : [tensors];
  return { ...layer, name: nameOf(layer), inbound_nodes: [{ args, kwargs: {} }] };
};

/** The same as Keras 2 writes it. */
export const called2 = (layer: Json, ...from: readonly string[]): Json => ({
  ...layer,
  name: nameOf(layer),
  inbound_nodes: from.length === 0 ? [] : [from.map(name => [name, 0, 0, {}])],
});

const nameOf = (layer: Json): unknown => (layer.config as Json).name;

export const functional = (
  layers: readonly Json[],
  output: string,
  inputs: unknown = [['pictures', 0, 0]],
): Json => ({
  class_name: 'Functional',
  config: { name: 'functional_3', layers, input_layers: inputs, output_layers: [[output, 0, 0]] },
});

export const pool3 = (name: string) =>
  keras3('MaxPooling2D', name, { pool_size: [2, 2], strides: [2, 2], padding: 'valid' });
export const flatten = keras3('Flatten', 'flatten', { data_format: 'channels_last' });

/** The weights of `chain`, under the name of the model that they were saved from. */
export const chainWeights: [string, number[]][] = [
  ['sequential_7/conv_a/kernel', [3, 3, 1, 4]],
  ['sequential_7/conv_a/bias', [4]],
  ['sequential_7/conv_b/kernel', [3, 3, 2, 4]],
  ['sequential_7/conv_b/bias', [4]],
  ['sequential_7/classes/kernel', [16, 3]],
  ['sequential_7/classes/bias', [3]],
];
/** Two convolutions, each with its pool, then classes. It has things that Keras writes and tf.layers does not read. */
export const chain = sequential3(
  input3([8, 8, 1]),
  conv3('conv_a', 4, { kernel_regularizer: { class_name: 'L2', config: { l2: 0.01 } } }),
  pool3('pool_a'),
  conv3('conv_b', 4, { groups: 2 }),
  pool3('pool_b'),
  flatten,
  dense3('classes', 3),
);

/** A model.json with only this content, without weights. */
export const jsonFile = (content: unknown): ModelFiles => ({
  modelJson: new TextEncoder().encode(JSON.stringify(content)),
  weights: {},
});

/** A topology as tf.layers' converters write it, without weights. */
export const bareFile = (modelTopology: unknown): ModelFiles =>
  jsonFile({ format: 'layers-model', modelTopology });
