import * as tf from '@tensorflow/tfjs-core';
import type { Task } from '../../shared/protocol/lease.ts';

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
 * The loss of a task, one number: labelWeight · CE(z, y) + weight · g · KLτ(rival ‖ z), KLτ(p‖q) = τ² · KL(softmax(p/τ) ‖
 * softmax(q/τ)), where the gate g of an example is 1 if the rival's answer is better than this one: nobody learns from a
 * worse answer (learning.md, "Notation"; the distillation is Hinton et al., arXiv 1503.02531).
 * @param rival logits of the other side, through which no gradient flows; null without distillation
 */
export function taskLoss(
  task: Task,
  logits: tf.Tensor,
  labels: tf.Tensor,
  rival: tf.Tensor | null,
): tf.Scalar {
  const own = crossEntropies(logits, labels);
  const fromLabels = tf.mul(tf.mean(own), task.labelWeight) as tf.Scalar;
  if (!task.distil || !rival) return fromLabels;
  const { weight, temperature } = task.distil;
  const gate = betterAnswers(rival, logits, labels);
  const gated = tf.mean(tf.mul(gate, divergences(rival, logits, temperature)));
  return tf.add(fromLabels, tf.mul(gated, weight * temperature * temperature));
}

/** 1 for each example that the first logits answer better than the second. */
const betterAnswers = withoutGradient((first, second, labels) =>
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
