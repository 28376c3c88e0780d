import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import type { TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { segmentFiles } from '../../support/local-trainer.ts';
import { bodyOutputs } from '../../support/networks/body-outputs.ts';
import { exportedFiles } from '../../support/networks/export-files.ts';
import { modelFile } from '../../support/networks/model-file.ts';
import { buildNetwork, lossOn } from '../../support/networks/network-step.ts';
import { networks } from '../../support/networks/networks.ts';
import { drawPatterns } from '../../support/networks/patterns.ts';
import { startStockTfjs } from '../../support/networks/stock-tfjs.ts';
import { lessonLoss, trainRounds } from '../../support/networks/train-rounds.ts';
import { writers } from '../../support/networks/writers.ts';

const EXAMPLES = 1_024;
const HELD = 20;
const DROPOUT = 0.2;

let trainer: TrainerApi;
const { stock, stop } = startStockTfjs();

beforeAll(async () => {
  trainer = createTrainer();
  await trainer.start({ backend: 'wasm' });
});

afterAll(stop);

/** Each network by another writer. All writers' networks are the same once they are read. */
const written = Object.entries(networks).map(([name, network], i) => {
  const all = Object.entries(writers);
  const [writer, { write }] = all[i % all.length] ?? ['tfjs', writers.tfjs ?? never()];
  return { name, writer, network, files: modelFile(write(network.sketch(DROPOUT))) };
});

describe.each(written)('$name as $writer writes it', ({ network, files }) => {
  it('learns layer-to-layer, and stock tfjs answers as its export does', async () => {
    const built = await buildNetwork(trainer, network, files);
    const taught = drawPatterns(network.pictures, EXAMPLES, 2);
    const held = drawPatterns(network.pictures, HELD, 3);
    const { lessons, segments } = await trainRounds(trainer, built, taught);
    const student = [0, 1].map(version => lessonLoss(lessons, 'student', version));
    expect(student[1]).toBeLessThan(student[0] ?? 0);
    const before = await lossOn(trainer, built, segmentFiles(built), held);
    expect(await lossOn(trainer, built, segments, held)).toBeLessThan(before);

    const pictures = Float32Array.from(held.pixels, value => value / 255);
    const input = tf.tensor(pictures, [held.labels.length, ...network.pictures]);
    const own = await bodyOutputs(built.outline, segments, input);
    const answers = await stock.predict(exportedFiles(built, segments), pictures, held.labels.length);
    expect(answers).toHaveLength(own.size);
    for (const [i, value] of own.dataSync().entries()) expect(answers[i]).toBeCloseTo(value, 3);
  });
});

function never(): never {
  throw new Error('there is no such writer');
}
