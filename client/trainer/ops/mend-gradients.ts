import * as tf from '@tensorflow/tfjs-core';
// Evaluated first: it registers tfjs's own gradients, and this file replaces some of them.
import '@tensorflow/tfjs-layers';

/** Ops of two inputs, a and b, whose gradients in tfjs have the output's shape even if an input was repeated to it. */
const REPEATING = [tf.Maximum, tf.Minimum, tf.SquaredDifference, tf.BatchMatMul];

/**
 * Mends tfjs's gradients of those ops: each is summed over the axes along which its input was repeated. tfjs's own
 * throw then, for instance if a layer takes the larger of a picture and a row of channels.
 */
export function mendGradients(): void {
  for (const kernelName of REPEATING) {
    const stock = tf.getGradient(kernelName);
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      ...stock,
      gradFunc: (dy, saved, attrs) => {
        const { a, b } = stock.gradFunc(dy, saved, attrs);
        const [ofA, ofB] = saved.map(({ shape }) => shape);
        if (!a || !b || !ofA || !ofB) throw new Error(`${kernelName} has two inputs`);
        return { a: () => summedTo(a(), ofA), b: () => summedTo(b(), ofB) };
      },
    });
  }
}

function summedTo(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return axes.length > 0 ? tf.reshape(tf.sum(gradient, axes), shape) : gradient;
}
