import type * as tf from '@tensorflow/tfjs-core';
import type { Examples } from '../../../shared/datasets/examples.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { pixelsPerImage } from '../../../shared/protocol/part-size.ts';
import { compileAhead } from '../backends/compile-ahead.ts';
import { batches, range } from '../examples/batches.ts';
import { featureSource, type InputSource, pixelSource } from '../examples/examples.ts';
import { type Loaded, runAnswer } from '../models/segment-models.ts';
import type { CompileJob } from '../trainer-api.ts';
import { LossSum } from '../training/loss-sum.ts';
import { NesterovSgd } from '../training/nesterov-sgd.ts';
import type { LossAndGradients } from '../training/task-gradients.ts';
import { addPart, applyUpdate, type Training } from '../training/train-step.ts';
import { evaluationBatch } from './evaluate-model.ts';
import { featureBatch, runFrozen } from './task-inputs.ts';

/**
 * Compiles the shaders of a task on WebGPU, on blank pictures and whatever weights the models hold: before its first
 * lease, whose clock would else run meanwhile. Elsewhere there is nothing to compile.
 * @throws BackendLostError where the driver refuses one
 */
export async function compileTask(job: CompileJob, loaded: Loaded): Promise<void> {
  if (job.task.trains.length === 0) return compileForward(job.task, loaded, blank(job, evaluationBatch(job)));
  // Nothing is to be learnt from blank pictures.
  const task = { ...job.task, schedule: { ...job.task.schedule, rate: 0 } };
  const optimizer = new NesterovSgd({ momentum: 0, weightDecay: 0 });
  const losses = new LossSum();
  try {
    await compileAhead(() => {
      const source = blankInputs(job, loaded);
      const labels = new Uint8Array(job.batch);
      const training = { job: { ...job, task }, loaded, source, labels, optimizer };
      losses.add(stepAtOnce(training, job.batch), job.batch);
    });
  } finally {
    optimizer.dispose();
    losses.dispose();
  }
}

/** A step as `trainStep` makes it, in one go. */
function stepAtOnce(training: Training, batch: number): tf.Scalar {
  let sum: LossAndGradients | null = null;
  for (const part of batches(range(batch), training.job.microBatch))
    sum = addPart(training, sum, part, part.length / batch);
  if (!sum) throw new Error('a batch has no examples');
  return applyUpdate(training, sum, 0);
}

const compileForward = (task: Task, loaded: Loaded, examples: Examples): Promise<void> =>
  compileAhead(() => {
    runAnswer(loaded, task, pixelSource(examples).batch(range(examples.labels.length)));
  });

/** Blank pixels, or features of the shape that the frozen segments put out. */
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
