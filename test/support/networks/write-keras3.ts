import { type Initialiser, isInitialiser, keras3Settings } from './layer-settings.ts';
import { byName, convertedFrom, type Json, trainedFirst, type WrittenModel } from './model-file.ts';
import type { Sketch, SketchItem, SketchLayer } from './sketch.ts';
import { type SketchWeight, weightsOf } from './sketch-weights.ts';

const VERSION = '3.15.1';

/** A network as Keras 3.15 saves it in an h5 file, and tensorflowjs_converter writes it. */
export const asKeras3 = (sketch: Sketch): WrittenModel => ({
  modelTopology: {
    ...{ keras_version: VERSION, backend: 'tensorflow', model_config: model(sketch) },
    training_config: training,
  },
  weights: byName(sketch.items).flatMap(item => namedWeights(item, prefixOf(sketch))),
  ...convertedFrom(VERSION),
});

const training = {
  ...{ loss: 'sparse_categorical_crossentropy', loss_weights: null, metrics: ['accuracy'] },
  ...{ weighted_metrics: null, run_eagerly: false, steps_per_execution: 1, jit_compile: false },
  optimizer_config: { class_name: 'Adam', config: { name: 'adam', learning_rate: 0.001 } },
};

/** A chain's name stands before the names of its layers, a graph's does not. */
const prefixOf = ({ form, name }: Sketch): string => (form === 'Sequential' ? `${name}/` : '');

function namedWeights(item: SketchItem, prefix: string): SketchWeight[] {
  if (item.type === 'network')
    return trainedFirst(item.network.items.flatMap(inner => namedWeights(inner, prefixOf(item.network))));
  return weightsOf(item).map(weight => ({
    ...weight,
    name: `${prefix}${item.name}/${keras3Weight(item, weight.name)}`,
  }));
}

/** Since Keras 3 a depthwise kernel is a kernel. */
const keras3Weight = ({ kind }: SketchLayer, weight: string): string =>
  kind === 'DepthwiseConv2D' && weight === 'depthwise_kernel' ? 'kernel' : weight;

/** What is told of a layer or network besides its class and settings. */
type Marks = (of: SketchLayer | Sketch) => Json;
const noMarks: Marks = () => ({});

/** @param marks for the newer `.keras` file, which tells more than an h5 file */
export const model = (sketch: Sketch, marks: Marks = noMarks): Json => ({
  ...(sketch.form === 'Sequential' ? chain(sketch, marks) : graph(sketch, marks)),
  ...marks(sketch),
});

const writeItem = (item: SketchItem, marks: Marks): Json =>
  item.type === 'network'
    ? model(item.network, marks)
    : { class_name: item.kind, config: config(item), ...marks(item) };

const float32 = {
  ...{ module: 'keras', class_name: 'DTypePolicy' },
  ...{ config: { name: 'float32' }, registered_name: null },
};

const chain = ({ name, input, inputShape, items }: Sketch, marks: Marks): Json => ({
  class_name: 'Sequential',
  config: {
    ...{ name, trainable: true, dtype: float32 },
    layers: [inputLayer(input, inputShape), ...items.map(item => writeItem(item, marks))],
    build_input_shape: [null, ...inputShape],
  },
});

const inputLayer = (name: string, shape: readonly number[]): Json => ({
  class_name: 'InputLayer',
  config: {
    ...{ batch_shape: [null, ...shape], dtype: 'float32', sparse: false, ragged: false, name },
    optional: false,
  },
});

function graph(sketch: Sketch, marks: Marks): Json {
  const first = { ...inputLayer(sketch.input, sketch.inputShape), name: sketch.input, inbound_nodes: [] };
  const layers = sketch.items.map(item => ({
    ...writeItem(item, marks),
    name: item.name,
    inbound_nodes: [{ args: argumentsOf(sketch, item), kwargs: keywordsOf(item) }],
  }));
  return {
    class_name: 'Functional',
    config: {
      ...{ name: sketch.name, trainable: true, layers: [first, ...layers] },
      ...{ input_layers: [sketch.input, 0, 0], output_layers: [sketch.items.at(-1)?.name, 0, 0] },
    },
  };
}

/** One tensor stands alone, several stand in a list. Attention takes a query and a value. */
function argumentsOf(sketch: Sketch, item: SketchItem): unknown[] {
  const tensors = item.from.map(from => tensor(from, shapeOf(sketch, from)));
  const isAttention = item.type === 'layer' && item.kind === 'MultiHeadAttention';
  return tensors.length === 1 || isAttention ? tensors : [tensors];
}

/** Keras writes these for everyone. They mean nothing: the training of the whole decides. */
function keywordsOf(item: SketchItem): Json {
  if (item.type === 'network' || item.kind === 'BatchNormalization') return { mask: null };
  return item.kind === 'Dropout' ? { training: false } : {};
}

const tensor = (from: string, shape: readonly number[]): Json => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, ...shape], dtype: 'float32', keras_history: [from, 0, 0] },
});

const shapeOf = ({ input, inputShape, items }: Sketch, name: string): readonly number[] =>
  name === input ? inputShape : (items.find(item => item.name === name)?.output ?? []);

const config = ({ name, kind, settings }: SketchLayer): Json => ({
  ...{ name, trainable: true, dtype: float32 },
  ...Object.fromEntries(
    Object.entries({ ...settings, ...keras3Settings[kind] }).map(([key, value]) => [
      key,
      isInitialiser(value) ? initialiser(value) : value,
    ]),
  ),
});

const initialiser = ({ initialiser }: Initialiser): Json => ({
  module: 'keras.initializers',
  class_name: initialiser,
  config: initialiser === 'GlorotUniform' ? { seed: null, input_axes: null, output_axes: null } : {},
  registered_name: null,
});
