import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { channelsOf, type LayerArgs, oneShape, oneTensor } from './layer-arguments.ts';

/**
 * Adds a number to each channel, learned from zero. Every layer of tf.layers adds a bias only to what it made itself.
 */
export class Bias extends tfl.layers.Layer {
  static readonly className = 'Bias';
  private bias: tfl.LayerVariable | null = null;

  constructor(args: LayerArgs = {}) {
    super(args);
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = channelsOf(oneShape(inputShape));
    this.bias = this.addWeight('bias', [channels], 'float32', tfl.initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return oneShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs);
      return this.bias ? tf.add(x, this.bias.read()) : x;
    });
  }
}
