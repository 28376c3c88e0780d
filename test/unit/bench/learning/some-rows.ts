import type { LearningRow } from '../../../bench/learning/rows.ts';
import { LEARNING_VERSION } from '../../../bench/learning/version.ts';

/** A row of a bench of two seeds, changed where told. */
export const someRow = (changes: Partial<LearningRow> = {}): LearningRow => ({
  arm: null,
  model: 'vgg16-quarter',
  plan: 'conventional',
  planSettings: 'epochs=1',
  cut: '',
  heads: null,
  learningRate: 0.01,
  dataset: 'cifar-10',
  trainExamples: 10_000,
  seed: 1,
  match: 'flops',
  budget: 4,
  split: 'test',
  batch: 32,
  leaseExamples: 500,
  federated: false,
  volunteers: null,
  partition: null,
  localEpochs: null,
  devices: null,
  allStrong: false,
  ownPictures: false,
  accuracy: 0.5,
  exits: { last: 0.5 },
  loss: 1.2,
  rounds: 80,
  macs: 2.4e12,
  uploadMB: 0,
  downloadMB: 0,
  uploadMBByRole: {},
  macsByRole: {},
  peakMemoryMB: 81,
  peakMemoryMBByRole: { whole: 81 },
  seconds: 180,
  cuts: 'pool3',
  backend: 'wasm',
  gpu: null,
  threads: 1,
  code: LEARNING_VERSION,
  failed: null,
  diverged: false,
  ...changes,
});

const GROWING = 'growAt=0.4 freezeAt=1 lambda=0.5 beta=0.5 temperature=2 epochs=1';

/** Two rates of the baseline, the better one at 0.01, a candidate and the control; a second seed of each. */
export const someRows = (): LearningRow[] =>
  [1, 2].flatMap(seed => [
    someRow({ seed, accuracy: 0.5 + seed / 100 }),
    someRow({ seed, learningRate: 0.05, accuracy: 0.3 }),
    someRow({
      seed,
      plan: 'growing-together',
      planSettings: GROWING,
      cut: 'pool3',
      learningRate: 0.02,
      accuracy: 0.53 + (2 * seed) / 100,
      peakMemoryMBByRole: { student: 60.4, whole: 83 },
    }),
    someRow({ seed, plan: 'student-alone', accuracy: 0.58 }),
  ]);
