import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

const CLASSES = 10;

/** 28 x 28 x 1 - conv 3 x 3, 16 - max pool - conv 3 x 3, 32 - max pool - dense 10: 20,490 parameters. */
function buildTwoConv(): tfl.Sequential {
  const conv = { kernelSize: 3, padding: 'same', activation: 'relu' } as const;
  return tfl.sequential({
    layers: [
      tfl.layers.conv2d({ ...conv, filters: 16, inputShape: [28, 28, 1] }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.conv2d({ ...conv, filters: 32 }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: CLASSES }),
    ],
  });
}

interface TrainingStep {
  /** One step on the same batch: forward, loss, gradients, update. Returns the loss before the update. */
  run(): number;
  dispose(): void;
}

/** Softmax cross entropy and SGD with momentum, on random images; on whichever backend is set. */
export function prepareTraining(batch: number): TrainingStep {
  const model = buildTwoConv();
  const optimizer = tf.train.momentum(0.01, 0.9);
  const images = tf.randomNormal([batch, 28, 28, 1], 0, 1, 'float32', 1);
  const labels = tf.tidy(() =>
    tf.oneHot(
      tf.tensor1d(
        Array.from({ length: batch }, (_, i) => i % CLASSES),
        'int32',
      ),
      CLASSES,
    ),
  );
  const loss = () =>
    tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(
      labels,
      single(model.apply(images, { training: true })),
    );
  const step = () => optimizer.minimize(loss, true)?.dataSync()[0] ?? Number.NaN;
  return {
    run: () => tf.tidy(step),
    dispose: () => {
      tf.dispose([images, labels]);
      optimizer.dispose();
      model.dispose();
    },
  };
}

function single(output: ReturnType<tfl.Sequential['apply']>): tf.Tensor {
  if (output instanceof tf.Tensor) return output;
  throw new Error('the model should have one output');
}
