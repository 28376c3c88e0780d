import * as tf from '@tensorflow/tfjs-core';

/**
 * The most bytes that tensors took at once since this object was made: weights, velocities, activations and
 * gradients. tfjs knows only the present number. A step's peak lies deep in its backward pass, so the number itself
 * is watched.
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

  /** Gives tfjs its plain counter back. */
  end(): void {
    this.define({ value: this.count.numBytes, writable: true });
  }

  private define(descriptor: PropertyDescriptor): void {
    Object.defineProperty(this.count, 'numBytes', { ...descriptor, configurable: true, enumerable: true });
  }
}
