import * as tf from '@tensorflow/tfjs-core';
import type { Pictures } from '../../../shared/datasets/examples.ts';
import { batches, range } from '../examples/batches.ts';
import { pixelSource } from '../examples/examples.ts';
import { evaluationBatch } from '../lease/evaluate-model.ts';
import { takeValues } from '../lease/task-inputs.ts';
import type { WorkPace } from '../lease/work-pace.ts';
import { type Loaded, runExit } from '../models/segment-models.ts';
import type { AnsweringVersion } from '../trainer-api.ts';

/**
 * Runs the network on every picture, some at once, and hands over the logarithms of its classes’ shares.
 * @throws AbortError
 */
export async function eachAnswer(
  job: AnsweringVersion,
  loaded: Loaded,
  { shape, pixels }: Pictures,
  pace: WorkPace,
  onAnswer: (index: number, logShares: Float32Array) => void,
): Promise<void> {
  const count = pixels.length / (shape.height * shape.width * shape.channels);
  const source = pixelSource({ shape, pixels, labels: new Uint8Array(count), classes: 1 });
  for (const indices of batches(range(count), evaluationBatch(job))) {
    const values = await takeValues(
      tf.tidy(() => tf.logSoftmax(runExit(loaded, job.task, source.batch(indices)))),
    );
    const classes = values.length / indices.length;
    indices.forEach((index, row) => {
      onAnswer(index, values.subarray(row * classes, (row + 1) * classes));
    });
    await pace.step(indices.length);
  }
}
