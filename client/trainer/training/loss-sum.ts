import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean loss over the examples so far. It stays on the device: reading every loss back would stall a GPU at each step.
 */
export class LossSum {
  private readonly total = tf.tidy(() => tf.variable(tf.scalar(0), false));
  private examples = 0;

  /** @param loss the mean over so many examples; disposed here */
  add(loss: tf.Scalar, examples: number): void {
    tf.tidy(() => this.total.assign(tf.add(this.total, tf.mul(loss, examples))));
    loss.dispose();
    this.examples += examples;
  }

  async mean(): Promise<number> {
    const { examples } = this;
    return ((await this.total.data())[0] ?? Number.NaN) / examples;
  }

  dispose(): void {
    this.total.dispose();
  }
}
