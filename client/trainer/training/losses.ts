import * as tf from '@tensorflow/tfjs-core';
import type { Distil, TrainedExit } from '../../../shared/protocol/lease.ts';

/**
 * Runs a computation off the gradient tape: its value counts, no gradient flows through it, and the ops within need
 * none (a comparison has no gradient function at all).
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

/** Cross-entropy an example: labels [n, classes] one-hot, logits [n, classes]; [n]. */
export const crossEntropies = (logits: tf.Tensor, labels: tf.Tensor): tf.Tensor1D =>
  tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), -1));

/**
 * The loss of an exit, one number: labelWeight · CE(z, y) + Σ weight · g · KLτ(rival ‖ z), KLτ(p‖q) = τ² · KL(softmax(p/τ) ‖
 * softmax(q/τ)), where a gate g is, an example, 1 if the rival's answer is better than this one: nobody learns from a worse
 * answer (shared/plan/README.md, "Notation"; the distillation is Hinton et al., arXiv 1503.02531).
 * @param rivals logits of the others, one a distillation, through which no gradient flows
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

/** 1 for each example that the first logits answer better than the second. */
const betterLogits = withoutGradient((first, second, labels) =>
  tf.cast(
    tf.less(
      crossEntropies(first as tf.Tensor, labels as tf.Tensor),
      crossEntropies(second as tf.Tensor, labels as tf.Tensor),
    ),
    'float32',
  ),
);

/** KL(softmax(p/τ) ‖ softmax(q/τ)) an example. */
function divergences(p: tf.Tensor, q: tf.Tensor, temperature: number): tf.Tensor {
  const logP = tf.logSoftmax(tf.div(p, temperature));
  const logQ = tf.logSoftmax(tf.div(q, temperature));
  return tf.sum(tf.mul(tf.exp(logP), tf.sub(logP, logQ)), -1);
}
