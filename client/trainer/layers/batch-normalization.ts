import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { batchNormTraining } from '../ops/batch-norm.ts';
import { type CallArgs, oneTensor, type StockClass } from './layer-arguments.ts';

type Args = NonNullable<Parameters<typeof tfl.layers.batchNormalization>[0]>;

/** What is used here of the stock layer; tf.layers exports only its factory. */
interface StockBatchNormalization extends tfl.layers.Layer {
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: tfl.LayerVariable | null;
  readonly beta?: tfl.LayerVariable | null;
  readonly movingMean: tfl.LayerVariable;
  readonly movingVariance: tfl.LayerVariable;
}

const Stock = tfl.layers.batchNormalization().constructor as unknown as StockClass<
  StockBatchNormalization,
  Args
>;

/**
 * tf.layers' BatchNormalization, with the same name, configuration and weights, so that models stay stock. In
 * training it takes one kernel each way instead of a dozen. It works without scale or shift, where the stock layer
 * fails. Its axis is the last one: a network over another axis is written so (`byAxes`). As in Keras, a layer that is
 * not trainable uses its moving statistics in training too.
 */
export class BatchNormalization extends Stock {
  static readonly className = 'BatchNormalization';

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArgs): tf.Tensor | tf.Tensor[] {
    if (kwargs.training !== true) return super.call(inputs, kwargs);
    const x = oneTensor(inputs);
    return tf.tidy(() => (this.trainable ? this.normaliseBatch(x) : this.normaliseAsKept(x)));
  }

  private normaliseBatch(x: tf.Tensor): tf.Tensor {
    const channels = x.shape.at(-1) ?? 1;
    const gamma = this.gamma?.read() ?? tf.ones([channels]);
    const beta = this.beta?.read() ?? tf.zeros([channels]);
    const { y, mean, variance } = batchNormTraining(x, gamma, beta, { epsilon: this.epsilon });
    this.follow(this.movingMean, mean);
    this.follow(this.movingVariance, variance);
    return y;
  }

  /** By the moving statistics, which stay. The stock kernel has no gradient without scale or shift. */
  private normaliseAsKept(x: tf.Tensor): tf.Tensor {
    const inverse = tf.rsqrt(tf.add(this.movingVariance.read(), this.epsilon));
    const scale = this.gamma ? tf.mul(inverse, this.gamma.read()) : inverse;
    const shift = tf.mul(this.movingMean.read(), scale);
    const y = tf.sub(tf.mul(x, scale), shift);
    return this.beta ? tf.add(y, this.beta.read()) : y;
  }

  /** Moves the average a little of the way to this batch's value. */
  private follow(average: tfl.LayerVariable, value: tf.Tensor): void {
    const kept = average.read();
    average.write(tf.add(kept, tf.mul(tf.sub(value, kept), 1 - this.momentum)));
  }
}
