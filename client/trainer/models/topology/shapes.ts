import * as z from 'zod';
import { elementsOf } from '../../../../shared/protocol/elements-of.ts';
import { listOf } from '../../../../shared/protocol/list-of.ts';
import { type GraphLayer, inputLayerClass, ModelRefusal } from '../model-graph.ts';
import { own } from './json-fields.ts';
import type { Config } from './settings.ts';

/** Sizes of what a layer puts out for one example. */
export type Shape = readonly number[];

type ShapeRule = (config: Config, input: Shape, inputs: readonly Shape[]) => Shape;

const numbersSchema = listOf(z.number());

/** A setting of one or two numbers, for rows and columns. */
function pairOf(value: unknown, otherwise: readonly number[]): readonly [number, number] {
  const given = typeof value === 'number' ? [value] : (numbersSchema.safeParse(value).data ?? otherwise);
  const [rows = 1, columns = rows] = given;
  return [rows, columns];
}

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

/** What a window that slides over a picture leaves of its two sides. */
function slid(
  config: Config,
  [height = 0, width = 0]: Shape,
  window: readonly [number, number],
  steps: unknown,
): Shape {
  const strides = pairOf(config.strides, pairOf(steps, [1, 1]));
  return [height, width].map((size, i) => {
    const places = config.padding === 'same' ? size : size - (window[i] ?? 1) + 1;
    return Math.ceil(places / (strides[i] ?? 1));
  });
}

const convolved =
  (channels: (config: Config, input: Shape) => number): ShapeRule =>
  (config, input) => [...slid(config, input, pairOf(config.kernel_size, [1, 1]), 1), channels(config, input)];

const filters = ({ filters }: Config): number => numberOf(filters, 0);
const channelsOf = (input: Shape): number => input.at(-1) ?? 0;

const pooled: ShapeRule = (config, input) => {
  const window = pairOf(config.pool_size, [2, 2]);
  return [...slid(config, input, window, window), channelsOf(input)];
};

const globallyPooled: ShapeRule = (_, input) => input.slice(-1);

/** Rows and columns of each side: one number, one a side, or two a side. */
const bordered =
  (key: string, sign: 1 | -1): ShapeRule =>
  (config, [height = 0, width = 0, ...rest]) => {
    const value = config[key] ?? 1;
    const [rows, columns] = Array.isArray(value) ? value : [value, value];
    const of = (side: unknown): number => elementsSum(Array.isArray(side) ? side : [side, side]);
    return [height + sign * of(rows), width + sign * of(columns), ...rest];
  };

const elementsSum = (sizes: readonly unknown[]): number =>
  sizes.reduce<number>((sum, size) => sum + numberOf(size, 0), 0);

/** The one size that is −1 is what the others leave of the numbers. */
const reshaped: ShapeRule = ({ target_shape }, input) => {
  const target = numbersSchema.safeParse(target_shape).data ?? [];
  const known = elementsOf(target.filter(size => size !== -1));
  return target.map(size => (size === -1 ? elementsOf(input) / known : size));
};

const permuted: ShapeRule = ({ dims }, input) =>
  (numbersSchema.safeParse(dims).data ?? []).map(axis => input[axis - 1] ?? 0);

/** A size of 1 is repeated. Axes count from the last one. */
const broadcast: ShapeRule = (_, __, inputs) => {
  const rank = Math.max(...inputs.map(({ length }) => length));
  return Array.from({ length: rank }, (_, i) => Math.max(...inputs.map(shape => shape.at(i - rank) ?? 1)));
};

const concatenated: ShapeRule = ({ axis }, input, inputs) => {
  const place = numberOf(axis, -1);
  const at = place < 0 ? place + input.length : place - 1;
  return input.map((size, i) => (i === at ? elementsSum(inputs.map(shape => shape[i])) : size));
};

/** Classes that put out another shape than they take. */
const rules: Readonly<Record<string, ShapeRule>> = {
  Conv2D: convolved(filters),
  GroupedConv2D: convolved(filters),
  SeparableConv2D: convolved(filters),
  DepthwiseConv2D: convolved(
    ({ depth_multiplier }, input) => channelsOf(input) * numberOf(depth_multiplier, 1),
  ),
  Dense: ({ units }, input) => [...input.slice(0, -1), numberOf(units, 0)],
  MaxPooling2D: pooled,
  AveragePooling2D: pooled,
  GlobalMaxPooling2D: globallyPooled,
  GlobalAveragePooling2D: globallyPooled,
  ZeroPadding2D: bordered('padding', 1),
  Cropping2D: bordered('cropping', -1),
  Flatten: (_, input) => [elementsOf(input)],
  Reshape: reshaped,
  Permute: permuted,
  Resizing: ({ height, width }, input) => [numberOf(height, 0), numberOf(width, 0), channelsOf(input)],
  Add: broadcast,
  Multiply: broadcast,
  Average: broadcast,
  Maximum: broadcast,
  Minimum: broadcast,
  Concatenate: concatenated,
};

/**
 * The shape of what a layer puts out. tf.layers finds the same when it builds the network; here it is needed before.
 * @param inputs shapes of what goes in
 * @throws ModelRefusal if an input's size is open
 */
export function outputShapeOf({ name, className, config }: GraphLayer, inputs: readonly Shape[]): Shape {
  if (className === inputLayerClass) {
    const sizes = numbersSchema.safeParse(
      z.array(z.unknown()).safeParse(config.batch_input_shape).data?.slice(1),
    );
    if (!sizes.success) throw new ModelRefusal(`layer ${name} (${className}) has no fixed shape`);
    return sizes.data;
  }
  const [input = []] = inputs;
  return own(rules, className)?.(config, input, inputs) ?? input;
}
