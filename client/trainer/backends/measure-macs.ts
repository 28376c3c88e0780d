import * as tf from '@tensorflow/tfjs-core';

/** A step is timed so often, or until so much time has gone. */
const MOST_STEPS = 5;
const LONGEST_MS = 200;

/**
 * What the backend does in a second: of a few steps the quickest. One alone may be one in which the system ran something
 * else. The device would then be taken for too slow for as long as it volunteers ([LEASE13]).
 *
 * A step is a convolution of 16 to 16 channels on a batch of 8 pictures of 14 × 14, forward and backward, after a warm-up.
 */
export async function measureMacs(): Promise<number> {
  const [batch, size, channels] = [8, 14, 16];
  const macs = 3 * batch * size * size * 9 * channels * channels;
  const x = tf.ones([batch, size, size, channels]) as tf.Tensor4D;
  const filter = tf.ones([3, 3, channels, channels]) as tf.Tensor4D;
  const gradient = tf.valueAndGrad((weights: tf.Tensor4D) =>
    tf.mean(tf.square(tf.conv2d(x, weights, 1, 'same'))),
  );
  const step = async (): Promise<void> => {
    const { value, grad } = gradient(filter);
    await value.data();
    tf.dispose([value, grad]);
  };
  await step();
  const ms = await quickestMs(step);
  tf.dispose([x, filter]);
  return Math.round((1_000 * macs) / Math.max(ms, 0.1));
}

/** How long the quickest of a few steps takes. */
export async function quickestMs(step: () => Promise<void>, now = () => performance.now()): Promise<number> {
  const from = now();
  let quickest = Number.POSITIVE_INFINITY;
  for (let steps = 0; steps < MOST_STEPS && now() - from < LONGEST_MS; steps++) {
    const startedAt = now();
    await step();
    quickest = Math.min(quickest, now() - startedAt);
  }
  return quickest;
}
