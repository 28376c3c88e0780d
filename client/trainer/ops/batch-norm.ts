import type * as tf from '@tensorflow/tfjs-core';
import { registerOpGradient, runKernelForAll } from './op-kernel.ts';

export const BatchNormTraining = 'BatchNormTraining';
export const BatchNormTrainingGrad = 'BatchNormTrainingGrad';

export type BatchNormTrainingAttrs = { epsilon: number };

export type BatchNormTrainingInputs<T = tf.TensorInfo> = { x: T; gamma: T; beta: T };
export type BatchNormTrainingGradInputs<T = tf.TensorInfo> = { x: T; dy: T; gamma: T; mean: T; variance: T };

export interface BatchNormResult {
  /** [n, …, c] */
  readonly y: tf.Tensor;
  /** [c], of this batch. No gradient flows through it or through the variance. */
  readonly mean: tf.Tensor;
  /** [c], of this batch, biased: divided by the count. */
  readonly variance: tf.Tensor;
}

/**
 * Batch normalisation as in training (Ioffe, Szegedy: arXiv 1502.03167): by channel, over the batch and all places.
 * @param x [n, …, c]
 * @param gamma [c]
 * @param beta [c]
 * @throws if scale or shift do not fit the channels, or if the backend in use has no such kernel
 */
export function batchNormTraining(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  attrs: BatchNormTrainingAttrs,
): BatchNormResult {
  const channels = x.shape.at(-1);
  if (gamma.size !== channels || beta.size !== channels)
    throw new Error(`${gamma.size} scales and ${beta.size} shifts do not fit [${x.shape}]`);
  const [y, mean, variance] = runKernelForAll<BatchNormOutputs>(BatchNormTraining, { x, gamma, beta }, attrs);
  return { y, mean, variance };
}

type BatchNormOutputs = [y: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor];
type Saved = [x: tf.Tensor, gamma: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor];

registerOpGradient<BatchNormOutputs, Saved, BatchNormTrainingAttrs>({
  kernelName: BatchNormTraining,
  inputsToSave: ['x', 'gamma'],
  outputsToSave: [false, true, true],
  gradient: ([dy], [x, gamma, mean, variance], { epsilon }) => {
    const [dx, dgamma, dbeta] = runKernelForAll<[tf.Tensor, tf.Tensor, tf.Tensor]>(
      BatchNormTrainingGrad,
      { x, dy, gamma, mean, variance },
      { epsilon },
    );
    return { x: () => dx, gamma: () => dgamma, beta: () => dbeta };
  },
});
