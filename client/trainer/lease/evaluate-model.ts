import * as tf from '@tensorflow/tfjs-core';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { batches, range } from '../examples/batches.ts';
import { pixelSource } from '../examples/examples.ts';
import { type EvaluatedTask, type Loaded, runExits } from '../models/segment-models.ts';
import type { LeaseJob } from '../trainer-api.ts';
import { featureBatch, takeValues } from './task-inputs.ts';
import type { WorkPace } from './work-pace.ts';

/** Enough to keep a graphics card busy. */
const MOST_AT_ONCE = 128;

/** How many examples a forward pass takes: no more than the device's memory allows. */
export const evaluationBatch = (job: Pick<LeaseJob, 'microBatch'>): number =>
  Math.min(MOST_AT_ONCE, featureBatch(job));

export interface Evaluation {
  readonly examples: number;
  readonly correct: number;
  /** Cross-entropy, summed over the examples. */
  readonly lossSum: number;
  /** The same of each part that the examples are of. */
  readonly byPart: { correct: number[]; lossSum: number[] };
}

/**
 * Forward passes up to the exit by which the version is evaluated, so many examples at once.
 * @param parts how many of the examples are of each part, in their order
 */
export async function evaluateModel(
  loaded: Loaded,
  task: EvaluatedTask,
  examples: Examples,
  atOnce: number,
  pace: WorkPace,
  parts: readonly number[] = [examples.labels.length],
): Promise<Evaluation> {
  const [evaluation] = await evaluateExits(loaded, task, examples, atOnce, pace, parts);
  if (!evaluation) throw new Error('a task without an exit cannot be evaluated');
  return evaluation;
}

/** The same by every exit of the task, in their order. What the exits have in common runs once. */
export async function evaluateExits(
  loaded: Loaded,
  task: EvaluatedTask,
  examples: Examples,
  atOnce: number,
  pace: WorkPace,
  parts: readonly number[] = [examples.labels.length],
): Promise<Evaluation[]> {
  const source = pixelSource(examples);
  const partOf = parts.flatMap((count, part) => new Array<number>(count).fill(part));
  const tallies = task.exits.map(() => parts.map((): PartTally => ({ correct: 0, lossSum: 0 })));
  for (const indices of batches(range(source.count), atOnce)) {
    const labels = Array.from(indices, index => examples.labels[index] as number);
    const logits = tf.tidy(() =>
      runExits(loaded, task, source.batch(indices)).map(exit => tf.logSoftmax(exit)),
    );
    for (const [i, exit] of logits.entries()) {
      const tallied = Array.from(indices, index => tallies[i]?.[partOf[index] ?? 0]);
      count(await takeValues(exit), labels, tallied);
    }
    await pace.step(indices.length);
  }
  return tallies.map(ofExit => evaluationOf(source.count, ofExit));
}

interface PartTally {
  correct: number;
  lossSum: number;
}

/** The metrics are text of bounded length, so the losses of parts have no more digits than f32. */
const inFewDigits = (value: number): number => Number(value.toPrecision(8));

const evaluationOf = (examples: number, parts: readonly PartTally[]): Evaluation => ({
  examples,
  correct: parts.reduce((sum, { correct }) => sum + correct, 0),
  lossSum: parts.reduce((sum, { lossSum }) => sum + lossSum, 0),
  byPart: {
    correct: parts.map(({ correct }) => correct),
    lossSum: parts.map(({ lossSum }) => inFewDigits(lossSum)),
  },
});

/** Adds the examples of a batch to what an exit got right, each in its part's tally. */
function count(
  values: Float32Array,
  labels: readonly number[],
  tallies: readonly (PartTally | undefined)[],
): void {
  const classes = values.length / labels.length;
  for (const [row, label] of labels.entries()) {
    const logSoftmax = values.subarray(row * classes, (row + 1) * classes);
    const loss = -(logSoftmax[label] as number);
    const tally = tallies[row];
    if (!tally) continue;
    // A network that says what is no number is not right.
    if (largest(logSoftmax) === label && !Number.isNaN(loss)) tally.correct += 1;
    tally.lossSum += boundedLoss(loss);
  }
}

/** More than any loss that something is learnt from, and so small that the sum over any test set fits the metrics. */
const LARGEST_LOSS = 1_000;

/**
 * A version may be so broken that its logits are not numbers. It is evaluated all the same, or the run could never
 * end.
 */
const boundedLoss = (loss: number): number =>
  Number.isNaN(loss) ? LARGEST_LOSS : Math.min(loss, LARGEST_LOSS);

/**
 * Index of the largest value, the first of equals. It is computed here, because argMax fails on some shapes on the
 * device.
 */
export const largest = (values: Float32Array): number =>
  values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
