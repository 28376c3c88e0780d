import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import type { BuiltModel } from '../../../client/trainer/trainer-api.ts';
import { createRandom } from '../../../shared/math/random.ts';
import { firstOf } from '../../support/extent.ts';
import { segmentFiles } from '../../support/local-trainer.ts';
import { bodyOutputs } from '../../support/networks/body-outputs.ts';
import { kerasAnswers } from '../../support/networks/keras-answers.ts';
import { modelFile } from '../../support/networks/model-file.ts';
import { tinyVit } from '../../support/networks/modern-networks.ts';
import { buildNetwork } from '../../support/networks/network-step.ts';
import { type Network, networks } from '../../support/networks/networks.ts';
import { stepSuite } from '../../support/networks/step-suite.ts';
import { writers } from '../../support/networks/writers.ts';

const trainer = createTrainer();

beforeAll(async () => {
  await trainer.start({ backend: 'wasm' });
});

/** Two seeded pictures, to which the answers of Keras itself are known. */
function answered(name: string, { pictures }: Network): tf.Tensor4D {
  const random = createRandom('answers', name);
  const size = pictures.reduce((product, length) => product * length, 1);
  return tf.tensor4d(Float32Array.from({ length: 2 * size }, random), [2, ...pictures]);
}

/** Probabilities, or logits if the network itself ends in logits. */
async function answersOf(built: BuiltModel, name: string, network: Network): Promise<number[]> {
  const logits = await bodyOutputs(built.outline, segmentFiles(built), answered(name, network));
  return [...(network.endsInLogits ? logits : tf.softmax(logits)).dataSync()];
}

describe.each(Object.entries(writers))('a network as %s writes it', (_, { write, meaning }) => {
  it.each(Object.entries(networks))(
    'is cut in two, and answers as in Keras itself: %s',
    async (name, network) => {
      const built = await buildNetwork(trainer, network, modelFile(write(network.sketch(0))));
      expect(built.cuts).toHaveLength(1);
      const answers = await answersOf(built, name, network);
      const wanted = kerasAnswers[name]?.[meaning] ?? [];
      expect(answers).toHaveLength(wanted.length);
      for (const [i, value] of wanted.entries()) expect(answers[i]).toBeCloseTo(value, 3);
    },
  );

  it('is refused if it has attention, and the layer is named: a small vision transformer', async () => {
    const network: Network = { sketch: tinyVit, pictures: [32, 32, 3], white: 1, endsInLogits: true };
    const building = buildNetwork(trainer, network, modelFile(write(tinyVit())));
    await expect(building).rejects.toThrow(/layer attention /);
  });
});

/** Most of the time is what stock tfjs takes on the CPU, so the common part has those that differ most. */
stepSuite(trainer, Object.fromEntries(firstOf(6, Object.entries(networks))), writers);
