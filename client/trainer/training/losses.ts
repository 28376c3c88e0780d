import * as tf from '@tensorflow/tfjs-core';
import type { Distil, TrainedExit } from '../../../shared/protocol/lease.ts';

/**
 * Runs a computation off the gradient tape. Its value counts, but no gradient flows through it, and the ops inside
 * need no gradient function. (A comparison has none.)
 */
export function withoutGradient(
  compute: (...inputs: tf.Tensor[]) => tf.Tensor,
): (...inputs: tf.Tensor[]) => tf.Tensor {
  return tf.customGrad((...given) => {
    const save = given.pop() as tf.GradSaveFunc;
    const inputs = given as tf.Tensor[];
    save(inputs);
    return { value: compute(...inputs), gradFunc: (_, saved) => saved.map(input => tf.zerosLike(input)) };
  });
}

export const stopGradient = withoutGradient(x => tf.clone(x as tf.Tensor));

/** Cross-entropy of each example [n]. Labels are one-hot [n, classes], logits [n, classes]. */
export const crossEntropies = (logits: tf.Tensor, labels: tf.Tensor): tf.Tensor1D =>
  tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), -1));

/**
 * The loss of an exit, one number: labelWeight · CE(z, y) + Σ weight · g · KLτ(source ‖ z), with KLτ(p‖q) = τ² ·
 * KL(softmax(p/τ) ‖ softmax(q/τ)). A gate g is 1 for an example if the source's loss on it is below this exit's, else
 * 0. So a gated exit never learns from worse logits. Notation: shared/plan/README.md; distillation: Hinton et al.,
 * arXiv 1503.02531.
 * @param sources logits of the distilled exits, one for each of `distils`; no gradient flows through them
 */
export function exitLoss(
  { labelWeight, distils }: TrainedExit,
  logits: tf.Tensor,
  labels: tf.Tensor,
  sources: readonly tf.Tensor[],
): tf.Scalar {
  const fromLabels = tf.mul(tf.mean(crossEntropies(logits, labels)), labelWeight) as tf.Scalar;
  return distils.reduce<tf.Scalar>((sum, distil, i) => {
    const source = sources[i];
    return source ? tf.add(sum, distilLoss(distil, logits, labels, source)) : sum;
  }, fromLabels);
}

function distilLoss(
  { weight, temperature, gated }: Distil,
  logits: tf.Tensor,
  labels: tf.Tensor,
  source: tf.Tensor,
): tf.Scalar {
  const apart = divergences(source, logits, temperature);
  const counted = gated ? tf.mul(betterLogits(source, logits, labels), apart) : apart;
  return tf.mul(tf.mean(counted), weight * temperature * temperature);
}

/** 1 for each example on which the first logits have the lower loss, else 0. */
const betterLogits = withoutGradient((first, second, labels) =>
  tf.cast(
    tf.less(
      crossEntropies(first as tf.Tensor, labels as tf.Tensor),
      crossEntropies(second as tf.Tensor, labels as tf.Tensor),
    ),
    'float32',
  ),
);

/** KL(softmax(p/τ) ‖ softmax(q/τ)) of each example. */
function divergences(p: tf.Tensor, q: tf.Tensor, temperature: number): tf.Tensor {
  const logP = tf.logSoftmax(tf.div(p, temperature));
  const logQ = tf.logSoftmax(tf.div(q, temperature));
  return tf.sum(tf.mul(tf.exp(logP), tf.sub(logP, logQ)), -1);
}
