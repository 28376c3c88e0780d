import { type GraphLayer, inputLayerClass, ModelRefusal } from './model-graph.ts';

/** A layer in the form in which it will be trained, and what was changed about it, in words for its owner. */
export interface NormalisedLayer {
  readonly layer: GraphLayer;
  readonly notes: readonly string[];
}

type Config = GraphLayer['config'];

/** The classes that have a forward pass and a gradient on every backend, and a known cost. */
export const trainableClasses: ReadonlySet<string> = new Set([
  inputLayerClass,
  ...['Conv2D', 'GroupedConv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'Dense'],
  ...['BatchNormalization', 'GroupNormalization', 'LayerNormalization'],
  ...['Activation', 'ReLU', 'LeakyReLU', 'ELU', 'Softmax'],
  ...['MaxPooling2D', 'AveragePooling2D', 'GlobalMaxPooling2D', 'GlobalAveragePooling2D'],
  ...['ZeroPadding2D', 'Flatten', 'Reshape', 'Dropout', 'Rescaling', 'Bias'],
  ...['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate'],
]);

/**
 * Turns a layer that Keras 2 or 3 wrote into what tf.layers reads: names of activations and types that stand in
 * objects, the input's shape, and a grouped convolution that Keras writes as a Conv2D.
 * @throws ModelRefusal for what tf.layers would do wrongly or not at all
 */
export function normaliseLayer(layer: GraphLayer): NormalisedLayer {
  const { name, className } = layer;
  if (!trainableClasses.has(className))
    throw new ModelRefusal(
      `layer ${name} is of class ${className}, which cannot be trained here: there is ${[...trainableClasses].join(', ')}`,
    );
  refuseUnsupported(layer);
  const { config, notes } = withoutPenalties(layer);
  const plain = withSlope(className, withoutKerasObjects(name, config));
  const groups = plain.groups;
  const isGrouped = className === 'Conv2D' && typeof groups === 'number' && groups > 1;
  return {
    layer: { ...layer, className: isGrouped ? 'GroupedConv2D' : className, config: plain },
    notes: [...notes, ...scalingNotes(layer)],
  };
}

/** A network for pictures in [0, 255] begins with such a layer, and would see pictures that are almost black. */
const scalingNotes = ({ name, className }: GraphLayer): string[] =>
  className === 'Rescaling' ? [`layer ${name} is kept, but it gets pictures in [0, 1], not in [0, 255]`] : [];

function refuseUnsupported({ name, className, config }: GraphLayer): void {
  const refuse = (reason: string): never => {
    throw new ModelRefusal(`layer ${name} ${reason}`);
  };
  if (config.data_format === 'channels_first')
    refuse('has the channels first: only channels last is trained here');
  if (numbersIn(config.dilation_rate).some(rate => rate !== 1))
    refuse('is a dilated convolution: tfjs has no gradient for it');
  if (config.keepdims === true) refuse('keeps the dimensions it pools over, which tf.layers cannot');
  if (className === 'ReLU' && (isNotZero(config.negative_slope) || isNotZero(config.threshold)))
    refuse('is a ReLU with a slope or threshold, which tf.layers would ignore');
  const type = typeNameOf(config.dtype);
  if (type !== undefined && type !== 'float32') refuse(`computes in ${type}: only float32 is trained here`);
}

const isNotZero = (value: unknown): boolean => typeof value === 'number' && value !== 0;

const numbersIn = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).filter(item => typeof item === 'number');

/** Removes penalties on weights and bounds to them: the trainer knows only one, the run's weight decay. */
function withoutPenalties({ name, config }: GraphLayer): { config: Config; notes: string[] } {
  const penalties = Object.keys(config).filter(
    key => /_(regularizer|constraint)$/.test(key) && config[key] !== null,
  );
  if (penalties.length === 0) return { config, notes: [] };
  const kept = Object.entries(config).filter(([key]) => !penalties.includes(key));
  return {
    config: Object.fromEntries(kept),
    notes: [`${penalties.join(' and ')} of layer ${name} left out: the run uses its own weight decay`],
  };
}

/** Rewrites keys of Keras 3 that tf.layers knows under another name or in another form. */
function withoutKerasObjects(
  name: string,
  { batch_shape, dtype: _, axis, activation, ...config }: Config,
): Config {
  return {
    ...config,
    ...(batch_shape === undefined ? {} : { batch_input_shape: batch_shape }),
    dtype: 'float32',
    ...(axis === undefined ? {} : { axis: Array.isArray(axis) && axis.length === 1 ? axis[0] : axis }),
    ...(activation === undefined ? {} : { activation: activationName(name, activation) }),
  };
}

/**
 * Keras 3's name for the slope below zero. tf.layers knows only the older name, and would take its own value instead.
 */
const withSlope = (className: string, { negative_slope, ...config }: Config): Config =>
  className === 'LeakyReLU' && negative_slope !== undefined ? { ...config, alpha: negative_slope } : config;

/** Keras 3 writes policies where Keras 2 writes types. */
function typeNameOf(dtype: unknown): string | undefined {
  if (typeof dtype === 'string') return dtype;
  const name = fieldOf(fieldOf(dtype, 'config'), 'name');
  return typeof name === 'string' ? name : undefined;
}

const renamed: Readonly<Record<string, string>> = { silu: 'swish' };

/** Keras 3 writes some functions as objects. @throws ModelRefusal for a function that the owner defined */
function activationName(layer: string, activation: unknown): string {
  const name =
    activation === null
      ? 'linear'
      : typeof activation === 'string'
        ? activation
        : fieldOf(activation, 'config');
  if (typeof name !== 'string')
    throw new ModelRefusal(`layer ${layer} has an activation that cannot be read here`);
  return renamed[name] ?? name;
}

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === field)?.[1]
    : undefined;
