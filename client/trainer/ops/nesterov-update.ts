import type * as tf from '@tensorflow/tfjs-core';
import { runKernelForAll } from './op-kernel.ts';

export const NesterovUpdate = 'NesterovUpdate';

export type NesterovUpdateAttrs = { learningRate: number; momentum: number; weightDecay: number };

export type NesterovUpdateInputs<T = tf.TensorInfo> = { weight: T; velocity: T; gradient: T };

/**
 * One step of SGD with Nesterov momentum and weight decay as in PyTorch, in one pass over the weights: g ← g + λw; v
 * ← μv + g; w ← w − η(g + μv). All three tensors have one shape; the results are new tensors. Has no gradient.
 * @throws if the backend in use has no such kernel
 */
export function nesterovUpdate(
  weight: tf.Tensor,
  velocity: tf.Tensor,
  gradient: tf.Tensor,
  attrs: NesterovUpdateAttrs,
): { weight: tf.Tensor; velocity: tf.Tensor } {
  const [newWeight, newVelocity] = runKernelForAll<[tf.Tensor, tf.Tensor]>(
    NesterovUpdate,
    { weight, velocity, gradient },
    attrs,
  );
  return { weight: newWeight, velocity: newVelocity };
}
