import * as tf from '@tensorflow/tfjs-core';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { batches, range } from '../examples/batches.ts';
import { pixelSource } from '../examples/examples.ts';
import { type Answering, type Loaded, runAnswer } from '../models/segment-models.ts';
import type { LeaseJob } from '../trainer-api.ts';
import { featureBatch, takeValues } from './task-inputs.ts';
import type { WorkPace } from './work-pace.ts';

/** Enough to keep a graphics card at work. */
const MOST_AT_ONCE = 128;

/** Examples a forward pass takes: no more than the device's memory allows. */
export const evaluationBatch = (job: Pick<LeaseJob, 'microBatch'>): number =>
  Math.min(MOST_AT_ONCE, featureBatch(job));

export interface Evaluation {
  readonly examples: number;
  readonly correct: number;
  /** Cross-entropy summed over the examples. */
  readonly lossSum: number;
}

/** Forward passes over examples of what the version answers by, so many at once. */
export async function evaluateModel(
  loaded: Loaded,
  answering: Answering,
  examples: Examples,
  atOnce: number,
  pace: WorkPace,
): Promise<Evaluation> {
  const source = pixelSource(examples);
  let correct = 0;
  let lossSum = 0;
  for (const indices of batches(range(source.count), atOnce)) {
    const logits = tf.tidy(() => tf.logSoftmax(runAnswer(loaded, answering, source.batch(indices))));
    const values = await takeValues(logits);
    const classes = values.length / indices.length;
    indices.forEach((index, row) => {
      const answer = values.subarray(row * classes, (row + 1) * classes);
      const label = examples.labels[index] as number;
      if (largest(answer) === label) correct += 1;
      lossSum += boundedLoss(-(answer[label] as number));
    });
    await pace.step(indices.length);
  }
  return { examples: source.count, correct, lossSum };
}

/** Beyond any that is learnt from, and small enough that the sum over any test set can be told. */
const LARGEST_LOSS = 1_000;

/** A version may be so far gone that its answers are no numbers: it is judged all the same, or the run could never end. */
const boundedLoss = (loss: number): number =>
  Number.isNaN(loss) ? LARGEST_LOSS : Math.min(loss, LARGEST_LOSS);

/** Index of the largest value, the first of equals. Here and not on the device: argMax fails on some shapes there. */
const largest = (values: Float32Array): number =>
  values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
