import { type Initialiser, isInitialiser } from './layer-settings.ts';
import type { Json, WrittenModel } from './model-file.ts';
import type { Sketch, SketchItem } from './sketch.ts';
import { type SketchWeight, weightsOf } from './sketch-weights.ts';
import { type Meaning, type TfjsLayer, tfjsLayers } from './tfjs-layers.ts';

const VERSION = '4.22.0';

/**
 * A network as tf.layers saves it. What tf.layers lacks is said with layers that it has; augmentation is left out.
 * @param meaning whose words the sketch is in, if both versions of Keras mean different things by them
 */
export const asTfjs = (sketch: Sketch, meaning: Meaning = 2): WrittenModel => ({
  modelTopology: {
    ...model(sketch, meaning),
    ...{ keras_version: `tfjs-layers ${VERSION}`, backend: 'tensor_flow.js' },
  },
  weights: sketch.items.flatMap(namedWeights),
  about: { generatedBy: `TensorFlow.js tfjs-layers v${VERSION}`, convertedBy: null },
  path: './weights.bin',
});

function namedWeights(item: SketchItem): SketchWeight[] {
  if (item.type === 'network') return item.network.items.flatMap(namedWeights);
  return weightsOf(item).map(weight => ({ ...weight, name: `${item.name}/${weight.name}` }));
}

const model = (sketch: Sketch, meaning: Meaning): Json =>
  sketch.form === 'Sequential' ? chain(sketch, meaning) : graph(sketch, meaning);

/** No layer for the input: the first layer tells its shape. A nested network tells it itself. */
function chain({ name, items, inputShape }: Sketch, meaning: Meaning): Json {
  const layers = items.flatMap(item =>
    item.type === 'network' ? nested(item.network, meaning) : tfjsLayers(item, meaning).map(written),
  );
  const [first, ...others] = layers;
  return {
    class_name: 'Sequential',
    config: { name, layers: first ? [shaped(first, inputShape), ...others] : [] },
  };
}

/** A network of nothing but augmentation is left out whole. */
function nested(network: Sketch, meaning: Meaning): Json[] {
  const json = model(network, meaning);
  return (json.config as { layers: readonly unknown[] }).layers.length > 0 ? [json] : [];
}

function shaped(layer: Json, shape: readonly number[]): Json {
  if (layer.class_name === 'Sequential' || layer.class_name === 'Model') return layer;
  const config = layer.config as Json;
  return { ...layer, config: { ...config, batch_input_shape: [null, ...shape], dtype: 'float32' } };
}

const written = ({ className, name, config }: TfjsLayer): Json => ({
  class_name: className,
  config: { ...initialised(config), name, trainable: true },
});

function graph(sketch: Sketch, meaning: Meaning): Json {
  const ends = new Map<string, string>();
  const endOf = (name: string): string => ends.get(name) ?? name;
  const layers = sketch.items.flatMap(item => {
    const made = item.type === 'network' ? [] : tfjsLayers(item, meaning);
    const inner = item.type === 'network' ? nested(item.network, meaning) : [];
    const [all, names] = [
      [...inner, ...made.map(written)],
      [...inner.map(() => item.name), ...made.map(({ name }) => name)],
    ];
    const from = item.from.map(endOf);
    ends.set(item.name, names.at(-1) ?? from[0] ?? '');
    return all.map((layer, i) => ({
      ...layer,
      name: names[i],
      // A nested network is called once when it is made.
      inbound_nodes: [
        (i === 0 ? from : [names[i - 1] ?? '']).map(name => [name, callOf(sketch, name), 0, {}]),
      ],
    }));
  });
  const { name, input, inputShape, items } = sketch;
  const output = endOf(items.at(-1)?.name ?? '');
  const first = {
    ...{ name: input, class_name: 'InputLayer', inbound_nodes: [] },
    config: { batch_input_shape: [null, ...inputShape], dtype: 'float32', sparse: false, name: input },
  };
  return {
    class_name: 'Model',
    config: {
      ...{ name, layers: [first, ...layers] },
      ...{ input_layers: [[input, 0, 0]], output_layers: [[output, callOf(sketch, output), 0]] },
    },
  };
}

const callOf = ({ items }: Sketch, name: string): number =>
  items.some(item => item.name === name && item.type === 'network') ? 1 : 0;

const initialised = (config: Json): Json =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, isInitialiser(value) ? initialiser(value) : value]),
  );

const glorot = { scale: 1, mode: 'fan_avg', distribution: 'uniform', seed: null };

const initialiser = ({ initialiser }: Initialiser): Json =>
  initialiser === 'GlorotUniform'
    ? { class_name: 'VarianceScaling', config: glorot }
    : { class_name: initialiser, config: {} };
