import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import { groupNorm } from '../ops/group-norm.ts';
import { atEnd, oneTensor, type StockClass } from './layer-arguments.ts';

type Args = NonNullable<Parameters<typeof tfl.layers.layerNormalization>[0]>;

/** What is used here of the stock layer; tf.layers exports only its factory. */
interface StockLayerNormalization extends tfl.layers.Layer {
  /** A list once the layer is built. */
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  readonly gamma?: tfl.LayerVariable | null;
  readonly beta?: tfl.LayerVariable | null;
}

const Stock = tfl.layers.layerNormalization().constructor as unknown as StockClass<
  StockLayerNormalization,
  Args
>;

/**
 * tf.layers' LayerNormalization, with the same name, configuration and weights, so that models stay stock. It takes
 * one kernel each way instead of two dozen, and it trains without scale or shift, for which the stock layer has no
 * gradient. Normalising over the last axes is normalising one group of channels.
 */
export class LayerNormalization extends Stock {
  static readonly className = 'LayerNormalization';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => atEnd(oneTensor(inputs), [this.axis].flat(), x => this.normalise(x)));
  }

  /** @param x the axes to normalise over are its last ones */
  private normalise(x: tf.Tensor): tf.Tensor {
    const channels = elementsOf(x.shape.slice(x.rank - [this.axis].flat().length));
    const gamma = this.gamma ? tf.reshape(this.gamma.read(), [channels]) : tf.ones([channels]);
    const beta = this.beta ? tf.reshape(this.beta.read(), [channels]) : tf.zeros([channels]);
    const rows = tf.reshape(x, [-1, channels]);
    return tf.reshape(groupNorm(rows, gamma, beta, { groups: 1, epsilon: this.epsilon }), x.shape);
  }
}
