import * as tf from '@tensorflow/tfjs-core';
import { rateAt } from '../../../shared/plan/task/schedule.ts';
import { batches } from '../examples/batches.ts';
import { type InputSource, oneHot } from '../examples/examples.ts';
import type { WorkPace } from '../lease/work-pace.ts';
import type { Loaded } from '../models/segment-models.ts';
import type { LeaseJob } from '../trainer-api.ts';
import type { DriftCorrection } from './drift-correction.ts';
import type { NesterovSgd, Trained } from './nesterov-sgd.ts';
import { batchGradients, type LossAndGradients, variablesOf } from './task-gradients.ts';

/** What all steps of an epoch have in common. */
export interface Training {
  readonly job: Pick<LeaseJob, 'task' | 'microBatch' | 'classes'>;
  readonly loaded: Loaded;
  readonly source: InputSource;
  readonly labels: Uint8Array;
  readonly optimizer: NesterovSgd;
  /** Of a task that corrects drift. */
  readonly correction?: DriftCorrection | undefined;
}

/**
 * One step: the gradient of the mean loss over these examples, then SGD. If the whole batch would not fit the
 * device's memory, or would take it too long, it goes through in micro-batches whose gradients add up to the same.
 * The lease can be cancelled between two of them.
 * @param share of the lease's steps that are done; it decides the learning rates
 * @returns the mean loss, one number on the device; the caller disposes
 * @throws AbortError; no weight has moved then
 */
export async function trainStep(
  training: Training,
  indices: Uint32Array,
  share: number,
  pace: WorkPace,
): Promise<tf.Scalar> {
  let sum: LossAndGradients | null = null;
  try {
    for (const microBatch of batches(indices, training.job.microBatch)) {
      if (sum) await pace.breathe();
      sum = addMicroBatch(training, sum, microBatch, microBatch.length / indices.length);
    }
    if (!sum) throw new Error('a batch has no examples');
    return applyUpdate(training, sum, share);
  } catch (error) {
    tf.dispose(sum ?? []);
    throw error;
  }
}

/** Adds a micro-batch's gradient, weighted by its share of the batch, to the sum so far. The sum is consumed. */
export function addMicroBatch(
  { job, loaded, source, labels }: Training,
  sum: LossAndGradients | null,
  microBatch: Uint32Array,
  share: number,
): LossAndGradients {
  const next = tf.tidy(() => {
    const batch = { input: source.batch(microBatch), labels: oneHot(labels, microBatch, job.classes) };
    return batchGradients(job.task, loaded, batch, share);
  });
  return sum ? addAll(sum, next) : next;
}

/** Moves the weights; the gradients are consumed. @returns their loss */
export function applyUpdate(
  training: Training,
  { loss, gradients }: LossAndGradients,
  share: number,
): tf.Scalar {
  training.optimizer.apply(trainedAt(training, share), gradients, training.correction);
  return loss;
}

/** Every trained variable with its segment's rate. */
const trainedAt = ({ job: { task }, loaded }: Training, share: number): Trained[] =>
  task.trains.flatMap(id => {
    const learningRate = rateAt(task.schedule, id, share);
    return variablesOf(loaded, [id]).map(variable => ({ variable, learningRate }));
  });

/** Both are consumed. */
const addAll = (a: LossAndGradients, b: LossAndGradients): LossAndGradients => ({
  loss: addInto(a.loss, b.loss),
  gradients: Object.fromEntries(
    Object.entries(a.gradients).map(([name, tensor]) => [name, addInto(tensor, b.gradients[name] ?? tensor)]),
  ),
});

function addInto<T extends tf.Tensor>(a: T, b: T): T {
  const sum = tf.add<T>(a, b);
  tf.dispose([a, b]);
  return sum;
}
