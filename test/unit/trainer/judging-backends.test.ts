import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { joinParts, loadExamples, loadParts } from '../../../client/trainer/examples/examples.ts';
import { evaluateModel } from '../../../client/trainer/lease/evaluate-model.ts';
import { WorkPace } from '../../../client/trainer/lease/work-pace.ts';
import { type Loaded, SegmentModels } from '../../../client/trainer/models/segment-models.ts';
import type { BuiltModel, ExampleSource } from '../../../client/trainer/trainer-api.ts';
import { NesterovSgd } from '../../../client/trainer/training/nesterov-sgd.ts';
import { trainSegment } from '../../../client/trainer/training/train-segment.ts';
import { agree, type PartCount } from '../../../shared/federation/evaluation/agreement.ts';
import { fewGlyphs, leaseJob, segmentFiles, wholeTask } from '../../support/local-trainer.ts';
import { startWasmWith } from '../../support/start-wasm-with.ts';

const PARTS = 4;
const PART_EXAMPLES = 150;

/** Pictures that the network has not seen. Many are hard, so that classes lie close together. */
const held: ExampleSource = {
  kind: 'glyphs',
  dataset: { ...fewGlyphs, testParts: PARTS, examplesPerPart: PART_EXAMPLES },
  split: 'test',
  parts: Array.from({ length: PARTS }, (_, part) => part),
};

/** Every weight of the network, by segment, in the order of its variables. */
const weightsOf = (loaded: Loaded): Record<string, Float32Array[]> =>
  Object.fromEntries(
    Object.entries(loaded).map(([id, { variables }]) => [
      id,
      variables.map(variable => Float32Array.from(variable.dataSync())),
    ]),
  );

async function trainABit(model: BuiltModel): Promise<Record<string, Float32Array[]>> {
  const loaded = await new SegmentModels().loadAll(segmentFiles(model));
  const job = leaseJob(model, { ...wholeTask, epochs: 6 });
  const optimizer = new NesterovSgd({ momentum: 0.9, weightDecay: 0 });
  await trainSegment(job, loaded, loadExamples(job.examples), new WorkPace(1), optimizer);
  return weightsOf(loaded);
}

/** What the backend that is on counts on each part. */
async function countParts(model: BuiltModel, weights: Record<string, Float32Array[]>): Promise<PartCount[]> {
  const loaded = await new SegmentModels().loadAll(segmentFiles(model));
  for (const [id, { variables }] of Object.entries(loaded))
    for (const [i, variable] of variables.entries())
      variable.assign(tf.tensor(weights[id]?.[i] ?? [], variable.shape));
  const parts = loadParts(held);
  const sizes = parts.map(({ labels }) => labels.length);
  const { byPart } = await evaluateModel(loaded, wholeTask, joinParts(parts), 96, new WorkPace(1), sizes);
  return sizes.map((examples, i) => ({
    examples,
    correct: byPart.correct[i] ?? 0,
    lossSum: byPart.lossSum[i] ?? 0,
  }));
}

it('[EVAL7] honest devices agree on each part, whatever they compute on, and by far', async () => {
  const trainer = createTrainer();
  await trainer.start({ backend: 'wasm' });
  const model = await trainer.build({ name: 'cnn', inputShape: [28, 28, 1], classes: 10, seed: 1 });
  const weights = await trainABit(model);
  const backends = [
    ['wasm', () => startWasmWith(null)],
    ['wasm with SIMD', () => startWasmWith('simd')],
    ['wasm with relaxed SIMD', () => startWasmWith('relaxed')],
    ['cpu', async () => void (await tf.setBackend('cpu'))],
  ] as const;
  const counts: PartCount[][] = [];
  for (const [, start] of backends) {
    await start();
    counts.push(await countParts(model, weights));
  }
  const [first = []] = counts;
  const right = first.reduce((sum, { correct }) => sum + correct, 0) / (PARTS * PART_EXAMPLES);
  expect(right, 'the network is neither blind nor perfect').toBeGreaterThan(0.3);
  for (const other of counts.slice(1))
    for (const [i, part] of other.entries()) {
      const same = first[i];
      if (!same) throw new Error('a part is missing');
      expect(agree(part, same)).toBe(true);
      expect(Math.abs(part.correct - same.correct)).toBeLessThanOrEqual(1);
      expect(Math.abs(part.lossSum - same.lossSum)).toBeLessThan(1e-4 * part.lossSum);
    }
});
