import type * as tf from '@tensorflow/tfjs-core';
import type { Examples } from '../../../shared/datasets/examples.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { pixelsPerImage } from '../../../shared/protocol/part-size.ts';
import { compileAhead } from '../backends/compile-ahead.ts';
import { batches, range } from '../examples/batches.ts';
import { featureSource, type InputSource, pixelSource } from '../examples/examples.ts';
import { type Loaded, runExit } from '../models/segment-models.ts';
import type { CompileJob } from '../trainer-api.ts';
import { DriftCorrection } from '../training/drift-correction.ts';
import { LossSum } from '../training/loss-sum.ts';
import { NesterovSgd } from '../training/nesterov-sgd.ts';
import type { LossAndGradients } from '../training/task-gradients.ts';
import { addMicroBatch, applyUpdate, type Training } from '../training/train-step.ts';
import { evaluationBatch } from './evaluate-model.ts';
import { featureBatch, runFrozen } from './task-inputs.ts';

/**
 * Compiles the shaders of a task on WebGPU before its first lease, because the lease's clock would run meanwhile. It
 * works on blank pictures and on whatever weights the models hold. On other backends there is nothing to compile.
 * @throws BackendLostError if the driver refuses a shader
 */
export async function compileTask(job: CompileJob, loaded: Loaded): Promise<void> {
  if (job.task.trains.length === 0) return compileForward(job.task, loaded, blank(job, evaluationBatch(job)));
  // Blank pictures must teach nothing.
  const task = { ...job.task, schedule: { ...job.task.schedule, rate: 0 } };
  const optimizer = new NesterovSgd({ momentum: 0, weightDecay: 0 });
  const losses = new LossSum();
  const correction = task.correction === undefined ? undefined : new DriftCorrection({ task }, loaded);
  try {
    await compileAhead(() => {
      const source = blankInputs(job, loaded);
      const labels = new Uint8Array(job.batch);
      const training = { job: { ...job, task }, loaded, source, labels, optimizer, correction };
      losses.add(stepAtOnce(training, job.batch), job.batch);
    });
  } finally {
    optimizer.dispose();
    correction?.dispose();
    losses.dispose();
  }
}

/** The step that `trainStep` makes, without a pause between its micro-batches. */
function stepAtOnce(training: Training, batch: number): tf.Scalar {
  let sum: LossAndGradients | null = null;
  for (const microBatch of batches(range(batch), training.job.microBatch))
    sum = addMicroBatch(training, sum, microBatch, microBatch.length / batch);
  if (!sum) throw new Error('a batch has no examples');
  return applyUpdate(training, sum, 0);
}

const compileForward = (task: Task, loaded: Loaded, examples: Examples): Promise<void> =>
  compileAhead(() => {
    runExit(loaded, task, pixelSource(examples).batch(range(examples.labels.length)));
  });

/** Blank pixels, or blank features of the shape that the frozen segments put out. */
function blankInputs(job: CompileJob, loaded: Loaded): InputSource {
  if (job.task.frozen.length === 0) return pixelSource(blank(job, job.batch));
  const count = featureBatch(job);
  const features = runFrozen(loaded, job.task, pixelSource(blank(job, count)).batch(range(count)));
  const shape = features.shape.slice(1);
  const row = new Uint16Array(features.size / count);
  return featureSource(
    Array.from({ length: job.batch }, () => row),
    shape,
  );
}

function blank({ classes, inputShape: [height, width, channels] }: CompileJob, count: number): Examples {
  const shape = { height, width, channels };
  const pixels = new Uint8Array(count * pixelsPerImage(shape));
  return { shape, classes, pixels, labels: new Uint8Array(count) };
}
