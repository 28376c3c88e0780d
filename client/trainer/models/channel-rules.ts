import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import { type GraphLayer, inputLayerClass } from './model-graph.ts';
import type { Axis, SpaceUnion } from './space-union.ts';
import { numbersOf, own } from './topology/json-fields.ts';
import type { Shape } from './topology/shapes.ts';

/** By the last part of a weight's name, the channels of each of its axes; null for one that is taken whole. */
export type WeightAxes = Readonly<Record<string, readonly (Axis | null)[]>>;

/** A layer as its rule sees it. */
interface Seen {
  readonly layer: GraphLayer;
  /** Channels of what comes in: of the last axis. */
  readonly inputs: readonly Axis[];
  /** Sizes of what comes in, and of what goes out, for one example. */
  readonly shapes: readonly Shape[];
  readonly output: Shape;
  readonly union: SpaceUnion;
}

/** What a layer does with channels: those that it puts out, and those of its weights. */
type ChannelRule = (seen: Seen) => { readonly output: Axis; readonly weights: WeightAxes };

/** Layers that are not known: whatever comes in is never sliced. */
const unknown: ChannelRule = ({ layer, inputs, output, union }) => {
  union.fix(...inputs);
  return { output: union.createFixed(layer.name, output.at(-1) ?? 1), weights: {} };
};

const passed = (seen: Seen, weights: WeightAxes = {}) => {
  const [input] = seen.inputs;
  return input ? { output: input, weights } : unknown(seen);
};

/** Each channel by itself. */
const passes: ChannelRule = seen => passed(seen);

/** The same, with a number for each channel in these weights. */
const perChannel =
  (...weights: readonly string[]): ChannelRule =>
  seen =>
    passed(seen, Object.fromEntries(weights.map(weight => [weight, [seen.inputs[0] ?? null]])));

/** Activations that mix the channels. */
const mixing: ReadonlySet<string> = new Set(['softmax', 'logSoftmax', 'log_softmax']);

const mixes = ({ config: { activation } }: GraphLayer): boolean => mixing.has(String(activation));

/** New channels out of all that come in: kernel [in, out], behind as many axes of positions. */
const weighted =
  (positions: number): ChannelRule =>
  seen => {
    const { layer, inputs, output, union } = seen;
    const [input] = inputs;
    if (!input || mixes(layer)) return unknown(seen);
    const made = union.create(layer.name, output.at(-1) ?? 1);
    const whole = Array.from({ length: positions }, () => null);
    return { output: made, weights: { kernel: [...whole, input, made], bias: [made] } };
  };

/** The channels of a group stay together. Groups of what comes in and of what goes out are the same ones. */
const groupedConvolution: ChannelRule = seen => {
  const { layer, inputs, output, union } = seen;
  const [input] = inputs;
  const filters = output.at(-1) ?? 1;
  const size = filters / Number(layer.config.groups ?? 1);
  const isSame = input !== undefined && union.channelsOf(input) === filters;
  if (!isSame || mixes(layer) || !union.hold(input, size)) return unknown(seen);
  return passed(seen, { kernel: [null, null, null, input], bias: [input] });
};

/** One kernel a channel. */
const depthwise: ChannelRule = seen => {
  const [input = null] = seen.inputs;
  if (Number(seen.layer.config.depth_multiplier ?? 1) !== 1 || mixes(seen.layer)) return unknown(seen);
  return passed(seen, { depthwise_kernel: [null, null, input, null], bias: [input] });
};

const separable: ChannelRule = seen => {
  const { layer, inputs, output, union } = seen;
  const [input] = inputs;
  if (!input || Number(layer.config.depth_multiplier ?? 1) !== 1 || mixes(layer)) return unknown(seen);
  const made = union.create(layer.name, output.at(-1) ?? 1);
  return {
    output: made,
    weights: {
      depthwise_kernel: [null, null, input, null],
      pointwise_kernel: [null, null, input, made],
      bias: [made],
    },
  };
};

/**
 * The groups of one space stay whole, so that a narrower norm computes what the whole one computes of them. In a
 * concatenation groups lie across the borders of its spaces. There a narrower norm has other groups, as in HeteroFL.
 */
const groupNorm: ChannelRule = seen => {
  const { layer, inputs, union } = seen;
  const [input] = inputs;
  const { groups = 32, scale = true, center = true } = layer.config;
  if (!input || input.repeats > 1 || !(scale || center)) return unknown(seen);
  const channels = union.channelsOf(input);
  union.hold(input, groups === -1 ? 1 : channels / Number(groups));
  return passed(seen, { gamma: [input], beta: [input] });
};

/** Sums and the like: channel by channel. What has one channel for all of them is spread over them. */
const merged: ChannelRule = seen => {
  const { inputs, shapes, output, union } = seen;
  const channels = output.at(-1);
  const full = inputs.filter((_, i) => shapes[i]?.at(-1) === channels);
  union.fix(...inputs.filter(input => !full.includes(input)));
  union.tie(full);
  return passed({ ...seen, inputs: full });
};

const concatenated: ChannelRule = seen => {
  const { layer, inputs, shapes } = seen;
  const axis = Number(layer.config.axis ?? -1);
  if (axis !== -1 && axis !== shapes[0]?.length) return merged(seen);
  if (inputs.some(({ repeats }) => repeats > 1)) return unknown(seen);
  return { output: { spaces: inputs.flatMap(({ spaces }) => spaces), repeats: 1 }, weights: {} };
};

/** Positions become channels: all channels again for each. */
const flattened: ChannelRule = seen => {
  const [input] = seen.inputs;
  const positions = elementsOf(seen.shapes[0]?.slice(0, -1) ?? []);
  return input ? { output: { ...input, repeats: input.repeats * positions }, weights: {} } : unknown(seen);
};

/** The channels stay the last axis, or all becomes channels. */
const reshaped: ChannelRule = seen => {
  if (seen.output.length === 1) return flattened(seen);
  return seen.output.at(-1) === seen.shapes[0]?.at(-1) ? passes(seen) : unknown(seen);
};

const permuted: ChannelRule = seen => {
  const order = numbersOf(seen.layer.config.dims);
  return order.at(-1) === order.length ? passes(seen) : unknown(seen);
};

const activated: ChannelRule = seen => (mixes(seen.layer) ? unknown(seen) : passes(seen));

/** One number for all channels, or a number for each, which is no weight and would have to be sliced too. */
const rescaled: ChannelRule = seen => {
  const { scale = 1, offset = 0 } = seen.layer.config;
  const isPlain = numbersOf(scale).length === 1 && numbersOf(offset).length === 1;
  return isPlain ? passes(seen) : unknown(seen);
};

const prelu: ChannelRule = seen => {
  const [input = null] = seen.inputs;
  const rank = seen.shapes[0]?.length ?? 0;
  const { shared_axes } = seen.layer.config;
  const isShared = shared_axes !== undefined && numbersOf(shared_axes).includes(rank);
  const positions = Array.from({ length: rank - 1 }, () => null);
  return passed(seen, { alpha: [...positions, isShared ? null : input] });
};

const rules: Readonly<Record<string, ChannelRule>> = {
  Conv2D: weighted(2),
  Dense: weighted(0),
  GroupedConv2D: groupedConvolution,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  GroupNormalization: groupNorm,
  Bias: perChannel('bias'),
  PReLU: prelu,
  Activation: activated,
  Rescaling: rescaled,
  Flatten: flattened,
  Reshape: reshaped,
  Permute: permuted,
  Concatenate: concatenated,
  Add: merged,
  Multiply: merged,
  Average: merged,
  Maximum: merged,
  Minimum: merged,
  ...Object.fromEntries(
    [
      ...['ReLU', 'LeakyReLU', 'ELU', 'MaxPooling2D', 'AveragePooling2D', 'GlobalMaxPooling2D'],
      ...['GlobalAveragePooling2D', 'ZeroPadding2D', 'Cropping2D', 'Resizing'],
      ...['Dropout', 'GaussianDropout', 'AlphaDropout', 'GaussianNoise'],
    ].map(className => [className, passes]),
  ),
};

/** The rule of a layer's class. The pixels are never sliced. */
export const channelRuleOf = ({ className }: GraphLayer): ChannelRule =>
  className === inputLayerClass ? unknown : (own(rules, className) ?? unknown);
