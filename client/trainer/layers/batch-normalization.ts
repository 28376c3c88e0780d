import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { batchNormTraining } from '../ops/batch-norm.ts';
import { type CallArgs, oneTensor } from './layer-arguments.ts';

type Args = NonNullable<Parameters<typeof tfl.layers.batchNormalization>[0]>;

/** What is used here of the stock layer; tf.layers exports only its factory. */
interface StockBatchNormalization extends tfl.layers.Layer {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: tfl.LayerVariable | null;
  readonly beta?: tfl.LayerVariable | null;
  readonly movingMean: tfl.LayerVariable;
  readonly movingVariance: tfl.LayerVariable;
}

interface StockClass {
  new (args?: Args): StockBatchNormalization;
  readonly fromConfig: typeof tf.serialization.Serializable.fromConfig;
}

const Stock = tfl.layers.batchNormalization().constructor as unknown as StockClass;

/**
 * tf.layers' BatchNormalization, with the same name, configuration and weights, so that models stay stock. In
 * training it takes one kernel each way instead of a dozen. It works without scale or shift, where the stock layer
 * fails. As in Keras, a layer that is not trainable uses its moving statistics in training too.
 */
export class BatchNormalization extends Stock {
  static readonly className = 'BatchNormalization';

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArgs): tf.Tensor | tf.Tensor[] {
    const x = oneTensor(inputs);
    const isTraining = kwargs.training === true && this.trainable;
    if (!isTraining) return super.call(inputs, { ...kwargs, training: false });
    if (this.axis !== -1 && this.axis !== x.rank - 1) return super.call(inputs, kwargs);
    return tf.tidy(() => this.normaliseBatch(x));
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

  /** Moves the average a little of the way to this batch's value. */
  private follow(average: tfl.LayerVariable, value: tf.Tensor): void {
    const kept = average.read();
    average.write(tf.add(kept, tf.mul(tf.sub(value, kept), 1 - this.momentum)));
  }
}
