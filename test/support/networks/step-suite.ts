import { afterAll, describe, expect, it } from 'vitest';
import type { BuiltModel, ModelFiles, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { stepDifferences, stockStep } from './compare-steps.ts';
import { modelFile } from './model-file.ts';
import { buildNetwork, type NetworkStep, stepOnce } from './network-step.ts';
import type { Network } from './networks.ts';
import { drawPatterns } from './patterns.ts';
import { startStockTfjs } from './stock-tfjs.ts';
import type { Meaning } from './tfjs-layers.ts';
import { asTfjs } from './write-tfjs.ts';
import type { Writer } from './writers.ts';

/** Relative to the step. */
const TOLERANCE = 1e-3;
const BATCH = 8;

type Named<T> = Readonly<Record<string, T>>;

type Build = (trainer: TrainerApi, network: Network, files: ModelFiles) => Promise<BuiltModel>;

/**
 * Each network in each form takes one step on the backend that is in use, and stock tfjs takes it on the CPU.
 * @param build reads a network, on the same backend if left out
 */
export function stepSuite(
  trainer: TrainerApi,
  networks: Named<Network>,
  writers: Named<Writer>,
  build: Build = buildNetwork,
): void {
  const { stock, stop } = startStockTfjs();
  afterAll(stop);
  const steps = new Map<string, Promise<NetworkStep>>();

  /** Once for all writers in whose files a network means the same. */
  const stockStepOf = (network: Network, meaning: Meaning): Promise<NetworkStep> => {
    const { sketch, pictures } = network;
    const key = JSON.stringify(asTfjs(sketch(0), meaning).modelTopology);
    const made = steps.get(key) ?? stockStep(stock, network, meaning, drawPatterns(pictures, BATCH, 1));
    steps.set(key, made);
    return made;
  };

  describe.each(Object.entries(writers))('a network as %s writes it', (_, { write, meaning }) => {
    it.each(Object.entries(networks))('makes the step that stock tfjs makes: %s', async (_, network) => {
      const built = await build(trainer, network, modelFile(write(network.sketch(0))));
      const step = await stepOnce(trainer, built, drawPatterns(network.pictures, BATCH, 1));
      const wanted = await stockStepOf(network, meaning);
      expect(step.loss).toBeCloseTo(wanted.loss, 4);
      expect(step.moves).toHaveLength(wanted.moves.length);
      const differences = stepDifferences(step, wanted);
      expect([...differences].filter(([, difference]) => !(difference <= TOLERANCE))).toEqual([]);
    });
  });
}
