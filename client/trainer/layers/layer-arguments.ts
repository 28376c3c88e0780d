import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { isCount } from '../ops/op-kernel.ts';

/** Types that tf.layers does not export, and the casts between its loose types and ours. */
export type LayerArgs = NonNullable<ConstructorParameters<typeof tfl.layers.Layer>[0]>;
export type Initializer = ReturnType<typeof tfl.initializers.zeros>;
export type CallArgs = Readonly<Record<string, unknown>>;

/** An initialiser, its name (`heNormal`), or its configuration from a model's JSON. */
export type InitializerChoice =
  | Initializer
  | string
  | { readonly className: string; readonly config: tf.serialization.ConfigDict };

/** The class of a stock layer, to build on. tf.layers exports only its factory. */
export interface StockClass<Layer extends tfl.layers.Layer, Args> {
  new (args?: Args): Layer;
  readonly fromConfig: typeof tf.serialization.Serializable.fromConfig;
}

/** Does what tf.layers does inside and does not export. @throws if no initialiser has this name */
export function initializerOf(choice: InitializerChoice): Initializer {
  if (isInitializer(choice)) return choice;
  const [className, config] =
    typeof choice === 'string'
      ? [choice.charAt(0).toUpperCase() + choice.slice(1), {}]
      : [choice.className, choice.config];
  const [cls, fromConfig] = tf.serialization.SerializationMap.getMap().classNameMap[className] ?? [];
  const made: unknown = cls && fromConfig?.(cls, { ...config });
  if (!isInitializer(made)) throw new Error(`there is no initializer ${className}`);
  return made;
}

/** Writes an initialiser as tf.layers does in a layer's configuration. */
export const initializerConfig = (initializer: Initializer): tf.serialization.ConfigDict => ({
  className: initializer.getClassName(),
  config: initializer.getConfig(),
});

/** The class of initialisers is not exported, but it is the parent of the class of any of them. */
const InitializerClass: unknown = Object.getPrototypeOf(tfl.initializers.ones().constructor);

const isInitializer = (value: unknown): value is Initializer =>
  typeof InitializerClass === 'function' && value instanceof InitializerClass;

/** The one tensor that a layer was called with. */
export function oneTensor(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const [input, ...more] = Array.isArray(inputs) ? inputs : [inputs];
  if (!input || more.length > 0) throw new Error('this layer takes one input');
  return input;
}

/** The one shape that a layer is built with; open sizes, such as the batch's, are null. */
export function oneShape(shapes: tfl.Shape | tfl.Shape[]): tfl.Shape {
  return isListOfShapes(shapes) ? (shapes[0] ?? []) : shapes;
}

const isListOfShapes = (shapes: tfl.Shape | tfl.Shape[]): shapes is tfl.Shape[] => Array.isArray(shapes[0]);

/** @throws if the last axis, the channels, has no fixed size */
export function channelsOf(shape: tfl.Shape): number {
  const channels = shape.at(-1);
  if (typeof channels !== 'number') throw new Error(`the channels of [${shape}] are not fixed`);
  return channels;
}

/** @throws if it is not a whole number of at least 1 */
export function countOf(layer: string, what: string, value: number): number {
  if (!isCount(value)) throw new Error(`${layer} has ${value} ${what}`);
  return value;
}

/**
 * Applies a function that works on a tensor's last axes to other axes.
 * @param axes from 0; those before them keep their order
 */
export function atEnd(x: tf.Tensor, axes: readonly number[], apply: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const order = [...x.shape.keys()].filter(axis => !axes.includes(axis)).concat(axes);
  if (order.every((axis, i) => axis === i)) return apply(x);
  const back = order.map((_, axis) => order.indexOf(axis));
  return tf.transpose(apply(tf.transpose(x, order)), back);
}
