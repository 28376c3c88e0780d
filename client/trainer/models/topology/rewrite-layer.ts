import { type GraphLayer, ModelRefusal } from '../model-graph.ts';
import { placeSteps, readActivation } from './activations.ts';
import { own } from './json-fields.ts';
import type { LayerNames } from './layer-names.ts';
import type { Config, KerasVersion } from './settings.ts';

/** What a layer becomes in the words of tf.layers. The last one puts out what the layer puts out. */
export interface RewrittenLayer {
  /** None if the layer passes its input on. */
  readonly layers: readonly GraphLayer[];
  readonly notes: readonly string[];
}

type Rewrite = (layer: GraphLayer, names: LayerNames) => RewrittenLayer;

const as = (...layers: readonly GraphLayer[]): RewrittenLayer => ({ layers, notes: [] });
const told = (note: string, ...layers: readonly GraphLayer[]): RewrittenLayer => ({ layers, notes: [note] });

/**
 * Writes a layer in layers that tf.layers has, or that Homeroom adds to it. Its settings were read. What stands here
 * for something else computes the same.
 * @throws ModelRefusal if there are no such layers
 */
export function rewriteLayer(layer: GraphLayer, keras: KerasVersion, names: LayerNames): RewrittenLayer {
  const rewrite = own(rewrites, layer.className);
  const rewritten = rewrite ? rewrite(layer, names) : as(layer);
  const [first, ...rest] = rewritten.layers;
  if (!first || first.config.activation === undefined) return rewritten;
  return { ...rewritten, layers: [...activated(first, keras, names), ...rest] };
}

/** A layer with its activation by a name that tf.layers knows, or with layers that make it behind. */
function activated(layer: GraphLayer, keras: KerasVersion, names: LayerNames): GraphLayer[] {
  const { name, className, config } = layer;
  const activation = readActivation(name, config.activation, keras);
  if (activation.kind === 'named') return [withConfig(layer, { activation: activation.name })];
  const [from = ''] = layer.inputs;
  // No weights are found by the name of an activation, so the last of the new layers takes it over.
  if (className === 'Activation') return placeSteps(activation.steps, from, name, names);
  return [
    withConfig(layer, { activation: 'linear' }),
    ...placeSteps(activation.steps, name, names.free(`${name}-activation`), names),
  ];
}

const withConfig = (layer: GraphLayer, config: Config): GraphLayer => ({
  ...layer,
  config: { ...layer.config, ...config },
});

const without = (layer: GraphLayer, ...keys: readonly string[]): GraphLayer => ({
  ...layer,
  config: Object.fromEntries(Object.entries(layer.config).filter(([key]) => !keys.includes(key))),
});

const passesOn = (note?: string): RewrittenLayer => (note === undefined ? as() : told(note));

/** Keras writes a grouped convolution as a Conv2D. */
const grouped: Rewrite = layer =>
  layer.config.groups === undefined || layer.config.groups === 1
    ? as(without(layer, 'groups'))
    : as({ ...layer, className: 'GroupedConv2D' });

/** tf.layers pools both axes away. A reshape puts them back. */
const pooled: Rewrite = (layer, names) => {
  const plain = without(layer, 'keepdims');
  if (layer.config.keepdims !== true) return as(plain);
  const mean = { ...plain, name: names.free(`${layer.name}-flat`) };
  const config = { target_shape: [1, 1, -1] };
  return as(mean, { name: layer.name, className: 'Reshape', config, inputs: [mean.name] });
};

/** tf.layers' ReLU has no slope. */
const relu: Rewrite = layer => {
  const { max_value, negative_slope = 0 } = layer.config;
  if (negative_slope === 0) return as(without(layer, 'negative_slope'));
  if (max_value === undefined)
    return as({ ...layer, className: 'LeakyReLU', config: { alpha: negative_slope } });
  throw new ModelRefusal(
    `layer ${layer.name} (ReLU) has both negative_slope and max_value: tf.layers has one of them at a time`,
  );
};

const subtract: Rewrite = (layer, names) => {
  const [a, b, ...more] = layer.inputs;
  if (a === undefined || b === undefined || more.length > 0)
    throw new ModelRefusal(
      `layer ${layer.name} (Subtract) has ${layer.inputs.length} inputs: it must have two`,
    );
  const negative = names.free(`${layer.name}-negative`);
  return as(
    { name: negative, className: 'Rescaling', config: { scale: -1, offset: 0 }, inputs: [b] },
    { ...layer, className: 'Add', inputs: [a, negative] },
  );
};

/** Dropout of whole channels or examples. tf.layers drops single values. */
const dropout: Rewrite = layer => {
  const plain = { ...without(layer, 'noise_shape', 'data_format'), className: 'Dropout' };
  const isSingle = layer.className === 'Dropout' && layer.config.noise_shape === undefined;
  return isSingle
    ? as(plain)
    : told(`layer ${layer.name} drops single values here, and not whole channels or examples`, plain);
};

const alphaDropout: Rewrite = layer =>
  layer.config.noise_shape === undefined
    ? as(layer)
    : told(
        `noise_shape of layer ${layer.name} left out: it drops single values here`,
        without(layer, 'noise_shape'),
      );

const rewrites: Readonly<Record<string, Rewrite>> = {
  Conv2D: grouped,
  GlobalMaxPooling2D: pooled,
  GlobalAveragePooling2D: pooled,
  ReLU: relu,
  Subtract: subtract,
  Dropout: dropout,
  SpatialDropout2D: dropout,
  AlphaDropout: alphaDropout,
  Identity: () => passesOn(),
  ActivityRegularization: ({ name }) =>
    passesOn(`layer ${name}, a penalty on activity, left out: the run uses its own weight decay`),
  InputLayer: layer => {
    const { batch_shape, batch_input_shape = batch_shape, ...rest } = layer.config;
    return as({
      ...layer,
      config: { ...rest, ...(batch_input_shape === undefined ? {} : { batch_input_shape }) },
    });
  },
};
