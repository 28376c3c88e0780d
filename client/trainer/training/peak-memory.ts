import * as tf from '@tensorflow/tfjs-core';

/**
 * The most bytes that tensors took at once since it was made: weights, velocities, activations and their gradients. tfjs
 * keeps the count of the moment only, and a step's peak lies deep in its backward pass, so the count itself is watched.
 */
export class PeakMemory {
  bytes = 0;
  private readonly count: { numBytes: number } = tf.engine().state;

  constructor() {
    let now = this.count.numBytes;
    this.define({
      get: () => now,
      set: (bytes: number) => {
        now = bytes;
        this.bytes = Math.max(this.bytes, bytes);
      },
    });
  }

  /** Lets go of tfjs's count. */
  end(): void {
    this.define({ value: this.count.numBytes, writable: true });
  }

  private define(descriptor: PropertyDescriptor): void {
    Object.defineProperty(this.count, 'numBytes', { ...descriptor, configurable: true, enumerable: true });
  }
}
