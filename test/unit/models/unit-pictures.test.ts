import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { forUnitPictures } from '../../../client/host/unit-pictures.ts';
import { readHostModel } from '../../../client/trainer/models/host-model.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import { modelFiles } from './keras-models.ts';
import { useCpuBackend } from './read-brought.ts';

/** As Teachable Machine writes them: models in a model. Only the last layer has weights, so that the sums are known. */
const files = modelFiles(
  {
    class_name: 'Sequential',
    config: {
      name: 'sequential_8',
      layers: [
        {
          class_name: 'Sequential',
          config: {
            name: 'sequential_5',
            layers: [
              { class_name: 'Flatten', config: { name: 'flatten', batch_input_shape: [null, 2, 2, 1] } },
            ],
          },
        },
        {
          class_name: 'Dense',
          config: { name: 'dense_Dense1', units: 2, activation: 'linear', use_bias: false },
        },
      ],
    },
  },
  [['dense_Dense1/kernel', [4, 2]]],
);
const machine = encodeUtf8(JSON.stringify({ packageName: '@teachablemachine/image', labels: ['a', 'b'] }));

async function answersOf(modelJson: Uint8Array): Promise<number[]> {
  const asked = { name: 'brought', inputShape: [2, 2, 1], classes: 2, seed: 1, cuts: [] } as const;
  const { model } = await readHostModel(asked, { ...files, modelJson });
  return tf.tidy(() =>
    Array.from((model.predict(tf.tensor([0, 0.25, 0.5, 1], [1, 2, 2, 1])) as tf.Tensor).dataSync()),
  );
}

describe('a network of Teachable Machine', () => {
  useCpuBackend();

  it('sees −1 to 1 if it is shown pictures from 0 to 1', async () => {
    // The kernel's rows are (−6, −5), (−4, −3), (−2, −1) and (0, 1) twentieths, and the picture becomes (−1, −0.5, 0, 1).
    const [first, second] = await answersOf(forUnitPictures(files.modelJson, machine));
    expect(first).toBeCloseTo((6 + 2 + 0 + 0) / 20);
    expect(second).toBeCloseTo((5 + 1.5 + 0 + 1) / 20);
  });

  it('stays as it is if another program wrote it', async () => {
    expect(forUnitPictures(files.modelJson, undefined)).toBe(files.modelJson);
    const other = encodeUtf8(JSON.stringify({ packageName: '@teachablemachine/pose' }));
    expect(forUnitPictures(files.modelJson, other)).toBe(files.modelJson);
    expect(forUnitPictures(encodeUtf8('no JSON'), machine)).toEqual(encodeUtf8('no JSON'));
  });
});
