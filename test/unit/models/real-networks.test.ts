import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import type { BuiltModel, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { createRandom } from '../../../shared/math/random.ts';
import { segmentFiles } from '../../support/local-trainer.ts';
import { bodyOutputs } from '../../support/networks/body-outputs.ts';
import { stepDifferences, stockStep } from '../../support/networks/compare-steps.ts';
import { kerasAnswers } from '../../support/networks/keras-answers.ts';
import { modelFile } from '../../support/networks/model-file.ts';
import { tinyVit } from '../../support/networks/modern-networks.ts';
import { buildNetwork, type NetworkStep, stepOnce } from '../../support/networks/network-step.ts';
import { type Network, networks } from '../../support/networks/networks.ts';
import { drawPatterns } from '../../support/networks/patterns.ts';
import { startStockTfjs } from '../../support/networks/stock-tfjs.ts';
import type { Meaning } from '../../support/networks/tfjs-layers.ts';
import { asTfjs } from '../../support/networks/write-tfjs.ts';
import { type Writer, writers } from '../../support/networks/writers.ts';

/** Relative to the step. */
const TOLERANCE = 1e-3;
const BATCH = 8;

let trainer: TrainerApi;
const { stock, stop } = startStockTfjs();

beforeAll(async () => {
  trainer = createTrainer();
  await trainer.start({ backend: 'wasm' });
});

afterAll(stop);

const stockSteps = new Map<string, Promise<NetworkStep>>();

/** Once for all writers in whose files a network means the same. */
function stockStepOf(network: Network, meaning: Meaning): Promise<NetworkStep> {
  const { sketch, pictures } = network;
  const key = JSON.stringify(asTfjs(sketch(0), meaning).modelTopology);
  const made = stockSteps.get(key) ?? stockStep(stock, network, meaning, drawPatterns(pictures, BATCH, 1));
  stockSteps.set(key, made);
  return made;
}

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

describe.each(Object.entries(writers))('a network as %s writes it', (_, { write, meaning }: Writer) => {
  describe.each(Object.entries(networks))('%s', (name, network) => {
    const build = () => buildNetwork(trainer, network, modelFile(write(network.sketch(0))));

    it('is cut in two, and answers as in Keras itself', async () => {
      const built = await build();
      expect(built.cuts).toHaveLength(1);
      const answers = await answersOf(built, name, network);
      const wanted = kerasAnswers[name]?.[meaning] ?? [];
      expect(answers).toHaveLength(wanted.length);
      for (const [i, value] of wanted.entries()) expect(answers[i]).toBeCloseTo(value, 3);
    });

    it('makes the step that stock tfjs makes', async () => {
      const step = await stepOnce(trainer, await build(), drawPatterns(network.pictures, BATCH, 1));
      const wanted = await stockStepOf(network, meaning);
      expect(step.loss).toBeCloseTo(wanted.loss, 4);
      expect(step.moves).toHaveLength(wanted.moves.length);
      const differences = stepDifferences(step, wanted);
      expect([...differences].filter(([, difference]) => !(difference <= TOLERANCE))).toEqual([]);
    });
  });
});

describe.each(Object.entries(writers))(
  'a small vision transformer as %s writes it',
  (_, { write }: Writer) => {
    it('is refused, and the layer that cannot be trained is named', async () => {
      const network: Network = {
        sketch: tinyVit,
        pictures: [32, 32, 3],
        white: 1,
        endsInLogits: true,
      };
      const building = buildNetwork(trainer, network, modelFile(write(tinyVit())));
      await expect(building).rejects.toThrow(/layer attention /);
    });
  },
);
