import type * as tf from '@tensorflow/tfjs-core';
import { isCount, registerOpGradient, runKernelForAll } from './op-kernel.ts';

export const GroupNorm = 'GroupNorm';
export const GroupNormGrad = 'GroupNormGrad';

export type GroupNormAttrs = { groups: number; epsilon: number };
export type GroupNormGradAttrs = { groups: number };

export type GroupNormInputs<T = tf.TensorInfo> = { x: T; gamma: T; beta: T };
export type GroupNormGradInputs<T = tf.TensorInfo> = { x: T; dy: T; gamma: T; mean: T; inverseDeviation: T };

/**
 * Group normalisation (Wu, He: arXiv 1803.08494): brings each example's values to mean 0 and deviation 1, over all
 * places and the channels of a group, which lie side by side. Then it scales and shifts by channel.
 * @param x [n, …, c]
 * @param gamma [c]
 * @param beta [c]
 * @returns [n, …, c]
 * @throws if the groups do not divide the channels, or if the backend in use has no such kernel
 */
export function groupNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, attrs: GroupNormAttrs): tf.Tensor {
  const channels = x.shape.at(-1) ?? 0;
  const isWhole = isCount(attrs.groups) && channels % attrs.groups === 0;
  if (!isWhole || gamma.size !== channels || beta.size !== channels)
    throw new Error(
      `${attrs.groups} groups, ${gamma.size} scales and ${beta.size} shifts do not fit [${x.shape}]`,
    );
  const [y] = runKernelForAll<GroupNormOutputs>(GroupNorm, { x, gamma, beta }, attrs);
  return y;
}

/** The result; then for each example and group [n, groups] the mean and 1 / √(variance + ε). */
type GroupNormOutputs = [y: tf.Tensor, mean: tf.Tensor, inverseDeviation: tf.Tensor];
type Saved = [x: tf.Tensor, gamma: tf.Tensor, mean: tf.Tensor, inverseDeviation: tf.Tensor];

registerOpGradient<GroupNormOutputs, Saved, GroupNormAttrs>({
  kernelName: GroupNorm,
  inputsToSave: ['x', 'gamma'],
  outputsToSave: [false, true, true],
  gradient: ([dy], [x, gamma, mean, inverseDeviation], { groups }) => {
    const [dx, dgamma, dbeta] = runKernelForAll<[tf.Tensor, tf.Tensor, tf.Tensor]>(
      GroupNormGrad,
      { x, dy, gamma, mean, inverseDeviation },
      { groups },
    );
    return { x: () => dx, gamma: () => dgamma, beta: () => dbeta };
  },
});
