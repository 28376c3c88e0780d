import * as tf from '@tensorflow/tfjs-core';
import { BatchNormalization } from './batch-normalization.ts';
import { Bias } from './bias.ts';
import { GroupNormalization } from './group-normalization.ts';
import { GroupedConv2D } from './grouped-conv2d.ts';
import { LayerNormalization } from './layer-normalization.ts';
import { Resizing } from './resizing.ts';

let isRegistered = false;

/** Lets tf.layers build our layers from a model's JSON; those of a stock name replace the stock layer. */
export function registerLayers(): void {
  if (isRegistered) return;
  isRegistered = true;
  tf.serialization.registerClass(Bias);
  tf.serialization.registerClass(GroupedConv2D);
  tf.serialization.registerClass(GroupNormalization);
  tf.serialization.registerClass(BatchNormalization);
  tf.serialization.registerClass(LayerNormalization);
  tf.serialization.registerClass(Resizing);
}
