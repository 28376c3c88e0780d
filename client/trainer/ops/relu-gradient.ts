import * as tf from '@tensorflow/tfjs-core';
// Evaluated first: it registers tfjs's own gradients, and this file replaces one of them.
import '@tensorflow/tfjs-layers';

export const ReluGrad = 'ReluGrad';

export type ReluGradInputs<T = tf.TensorInfo> = { y: T; dy: T };

/**
 * Replaces tfjs's gradient of relu, for every backend. It keeps the output, which the next layer keeps anyway, and
 * not the input, so a step needs one activation less for every relu. If the backend has a kernel `ReluGrad`, it takes
 * one pass.
 */
export function registerReluGradient(): void {
  tf.unregisterGradient(tf.Relu);
  tf.registerGradient({
    kernelName: tf.Relu,
    outputsToSave: [true],
    gradFunc: (dy, [y]) => {
      if (!y || Array.isArray(dy)) throw new Error('relu has one output');
      return { x: () => backprop(y, dy) };
    },
  });
}

function backprop(y: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  const hasKernel = tf.getKernel(ReluGrad, tf.getBackend()) !== undefined;
  return hasKernel ? tf.engine().runKernel(ReluGrad, { y, dy }) : tf.mul(dy, tf.step(y));
}
