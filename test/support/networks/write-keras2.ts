import { type Initialiser, isInitialiser, keras2Settings } from './layer-settings.ts';
import { byName, convertedFrom, type Json, trainedFirst, type WrittenModel } from './model-file.ts';
import type { Sketch, SketchItem, SketchLayer } from './sketch.ts';
import { type SketchWeight, weightsOf } from './sketch-weights.ts';

const VERSION = '2.15.0';

/** A network as Keras 2.15 saves it in an h5 file, and tensorflowjs_converter writes it. */
export const asKeras2 = (sketch: Sketch): WrittenModel => ({
  modelTopology: {
    keras_version: VERSION,
    backend: 'tensorflow',
    model_config: model(sketch),
    training_config: training,
  },
  weights: byName(sketch.items).flatMap(namedWeights),
  ...convertedFrom(VERSION),
});

const training = {
  loss: 'sparse_categorical_crossentropy',
  metrics: [[{ class_name: 'MeanMetricWrapper', config: { name: 'accuracy', dtype: 'float32' } }]],
  weighted_metrics: null,
  loss_weights: null,
  optimizer_config: { class_name: 'Custom>Adam', config: { name: 'Adam', learning_rate: 0.001 } },
};

/** Without the names of the networks in which a layer stands. */
function namedWeights(item: SketchItem): SketchWeight[] {
  if (item.type === 'network') return trainedFirst(item.network.items.flatMap(namedWeights));
  return weightsOf(item).map(weight => ({ ...weight, name: `${item.name}/${weight.name}` }));
}

/** Layers in a chain that stands in a chain have the marks of the newer format. */
const model = (sketch: Sketch, isMarked = false): Json =>
  sketch.form === 'Sequential' ? chain(sketch, isMarked) : graph(sketch, isMarked);

/** The first layer tells the input's shape, and a layer for the input stands before it. */
function chain({ name, inputShape, items }: Sketch, isMarked: boolean): Json {
  const first = input(`${items[0]?.name}_input`, inputShape);
  const layers = items.map((item, i) =>
    item.type === 'network'
      ? { ...model(item.network, true), ...(isMarked ? networkMarks(item.network) : {}) }
      : layer(item, isMarked, i === 0 ? inputShape : null),
  );
  return {
    class_name: 'Sequential',
    config: { name, layers: [isMarked ? { ...first, ...unregistered } : first, ...layers] },
  };
}

const unregistered = { module: 'keras.layers', registered_name: null };

const networkMarks = ({ form, inputShape }: Sketch): Json => ({
  module: form === 'Sequential' ? 'keras' : 'keras.src.engine.functional',
  ...{ registered_name: form, build_config: { input_shape: [null, ...inputShape] } },
});

function layer(item: SketchLayer, isMarked: boolean, shape: readonly number[] | null = null): Json {
  const plain = { class_name: item.kind, config: config(item, shape) };
  const [first, ...more] = item.inputs.map(input => [null, ...input]);
  const input_shape = more.length > 0 ? [first, ...more] : first;
  return isMarked ? { ...plain, ...unregistered, build_config: { input_shape } } : plain;
}

const input = (name: string, shape: readonly number[]): Json => ({
  class_name: 'InputLayer',
  config: { batch_input_shape: [null, ...shape], dtype: 'float32', sparse: false, ragged: false, name },
});

function graph(sketch: Sketch, isMarked: boolean): Json {
  const first = {
    ...input(sketch.input, sketch.inputShape),
    ...(isMarked ? unregistered : {}),
    ...{ name: sketch.input, inbound_nodes: [] },
  };
  // A nested network is called once when it is made, so that its use is the second call.
  const callOf = (from: string): number =>
    sketch.items.some(item => item.name === from && item.type === 'network') ? 1 : 0;
  const layers = sketch.items.map(item => ({
    ...(item.type === 'network' ? model(item.network, isMarked) : layer(item, isMarked)),
    name: item.name,
    inbound_nodes: [callsOf(item, callOf)],
  }));
  const last = sketch.items.at(-1)?.name ?? '';
  return {
    class_name: 'Functional',
    config: {
      ...{ name: sketch.name, trainable: true, layers: [first, ...layers] },
      ...{ input_layers: [[sketch.input, 0, 0]], output_layers: [[last, callOf(last), 0]] },
    },
  };
}

/** What a layer is called with. Attention is called with a query, and with a value by name. */
function callsOf(item: SketchItem, callOf: (from: string) => number): unknown[] {
  const tensors = item.from.map(from => [from, callOf(from), 0]);
  const [query = [], value] = tensors;
  const isAttention = item.type === 'layer' && item.kind === 'MultiHeadAttention';
  return isAttention ? [[...query, { value }]] : tensors.map(tensor => [...tensor, {}]);
}

function config(layer: SketchLayer, shape: readonly number[] | null = null): Json {
  const { name, kind, settings } = layer;
  const all = { ...settings, ...keras2Settings[kind], ...renamed(layer) };
  const dropped = kind === 'LeakyReLU' ? ['negative_slope'] : [];
  return {
    ...{ name, trainable: true, dtype: 'float32' },
    ...(shape ? { batch_input_shape: [null, ...shape] } : {}),
    ...Object.fromEntries(
      Object.entries(all)
        .filter(([key]) => !dropped.includes(key))
        .map(([key, value]) => [key, isInitialiser(value) ? initialiser(value) : value]),
    ),
  };
}

/** Settings that Keras 2 has in another form or under another name. */
function renamed({ kind, settings, inputs }: SketchLayer): Json {
  const last = inputs[0]?.length;
  if (kind === 'BatchNormalization' || kind === 'LayerNormalization') return { axis: [last] };
  if (kind === 'LeakyReLU') return { alpha: Math.fround(Number(settings.negative_slope)) };
  if (kind === 'RandomRotation') return { factor: (settings.factor as number[])[1] };
  if (kind === 'MultiHeadAttention') {
    const shape = [null, ...(inputs[0] ?? [])];
    return { query_shape: shape, key_shape: shape, value_shape: shape };
  }
  return settings.activation === 'silu' ? { activation: 'swish' } : {};
}

const initialiser = ({ initialiser }: Initialiser): Json => ({
  module: 'keras.initializers',
  class_name: initialiser,
  config: initialiser === 'GlorotUniform' ? { seed: null } : {},
  registered_name: null,
});
