import * as tf from '@tensorflow/tfjs-core';
import type { Task } from '../../shared/protocol/lease.ts';

/** Passes its input on and no gradient back. */
export const stopGradient = (x: tf.Tensor): tf.Tensor => {
  const stop = tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return { value: tf.clone(input as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) };
  });
  return stop(x);
};

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
  const gate = stopGradient(tf.cast(tf.less(crossEntropies(rival, labels), own), 'float32'));
  const gated = tf.mean(tf.mul(gate, divergences(rival, logits, temperature)));
  return tf.add(fromLabels, tf.mul(gated, weight * temperature * temperature));
}

/** KL(softmax(p/τ) ‖ softmax(q/τ)) an example. */
function divergences(p: tf.Tensor, q: tf.Tensor, temperature: number): tf.Tensor {
  const logP = tf.logSoftmax(tf.div(p, temperature));
  const logQ = tf.logSoftmax(tf.div(q, temperature));
  return tf.sum(tf.mul(tf.exp(logP), tf.sub(logP, logQ)), -1);
}
