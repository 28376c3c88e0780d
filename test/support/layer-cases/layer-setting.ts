import type { serialization } from '@tensorflow/tfjs-core';
import type { Draw } from '../draw.ts';

/** What one layer is tried with. */
export interface LayerSetting {
  /** In tf.layers' own names. */
  readonly config: serialization.ConfigDict;
  /** The inputs' shapes, with the batch. */
  readonly inputs: readonly (readonly number[])[];
  /** False: in evaluation alone, because the layer draws random numbers that no seed holds. */
  readonly trains?: false;
  /** When it has gradients on every backend, if not always. */
  readonly gradients?: 'never' | 'in training';
}

export type DrawSetting = (draw: Draw) => LayerSetting;

/** By the class's name. */
export type LayerTable = Readonly<Record<string, DrawSetting>>;

export const batchOf = (draw: Draw): number => draw.pick([1, 2, 3, 5]);

/** A batch of pictures, channels last. */
export const pictures = (draw: Draw, least = 4, most = 11): number[] => [
  batchOf(draw),
  ...draw.sizes(2, most, least),
  draw.whole(1, 9),
];

export const flag = (draw: Draw): boolean => draw.pick([true, false]);

export const padding = (draw: Draw): 'same' | 'valid' => draw.pick(['same', 'valid']);

export const ACTIVATIONS = [
  ...['linear', 'relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh'],
  ...['softmax', 'logSoftmax', 'swish', 'mish', 'gelu', 'gelu_new'],
] as const;
