import * as tf from '@tensorflow/tfjs-core';

/** The most bytes that tensors took at the moments looked at: weights, velocities, and what a backward pass needs. */
export class PeakMemory {
  bytes = 0;

  note(): void {
    this.bytes = Math.max(this.bytes, tf.memory().numBytes);
  }
}
