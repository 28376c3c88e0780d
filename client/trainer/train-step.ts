import * as tf from '@tensorflow/tfjs-core';
import type { Task } from '../../shared/protocol/lease.ts';
import { batches } from './batches.ts';
import { type InputSource, oneHot } from './examples.ts';
import { stopGradient, taskLoss } from './losses.ts';
import type { NesterovSgd } from './nesterov-sgd.ts';
import { type Loaded, pick, runChain } from './segment-models.ts';
import type { LeaseJob } from './trainer-api.ts';

/** What every step of a lease has in common. */
export interface Training {
  readonly job: Pick<LeaseJob, 'task' | 'microBatch' | 'classes'>;
  readonly loaded: Loaded;
  readonly source: InputSource;
  readonly labels: Uint8Array;
  readonly optimizer: NesterovSgd;
}

interface LossAndGradients {
  readonly loss: tf.Scalar;
  readonly gradients: Readonly<Record<string, tf.Tensor>>;
}

/**
 * One update: the gradient of the mean loss over these examples, then SGD. Where the whole batch would not fit the
 * device's memory it goes through in parts of `microBatch` whose gradients add up to the same.
 * @returns the mean loss, one number on the device; the caller disposes
 */
export function trainStep(training: Training, indices: Uint32Array): tf.Scalar {
  return tf.tidy(() => {
    const variables = trainableVariables(training.job.task, training.loaded);
    const { loss, gradients } = batchGradients(training, variables, indices);
    training.optimizer.apply(variables, gradients);
    return loss;
  });
}

function batchGradients(
  training: Training,
  variables: tf.Variable[],
  indices: Uint32Array,
): LossAndGradients {
  let sum: LossAndGradients | null = null;
  for (const part of batches(indices, training.job.microBatch)) {
    const next = partGradients(training, variables, part, part.length / indices.length);
    sum = sum ? addAll(sum, next) : next;
  }
  if (!sum) throw new Error('a batch has no examples');
  return sum;
}

/** Loss and gradients of a part of a batch, weighted by its share of it. */
function partGradients(
  { job, loaded, source, labels }: Training,
  variables: tf.Variable[],
  part: Uint32Array,
  share: number,
): LossAndGradients {
  const { value, grads } = tf.variableGrads(() => {
    const loss = batchLoss(job.task, loaded, source.batch(part), oneHot(labels, part, job.classes));
    return share === 1 ? loss : tf.mul(loss, share);
  }, variables);
  return { loss: value, gradients: grads };
}

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

const trainableVariables = (task: Task, loaded: Loaded): tf.Variable[] =>
  pick(loaded, task.trains).flatMap(({ model }) =>
    model.trainableWeights.map(weight => weight.read() as tf.Variable),
  );

/**
 * The trained chain's output is the features at the boundary; the loss's logits are the head's on them, or they
 * themselves. The rival answers from the same boundary for a student, from the cached input for a teacher.
 */
function batchLoss(task: Task, loaded: Loaded, input: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const body = task.trains.filter(id => id !== task.head);
  const output = runChain(pick(loaded, body), input, true);
  const logits = task.head ? runChain(pick(loaded, [task.head]), output, true) : output;
  const boundary = task.head ? output : input;
  const rival = task.distil
    ? stopGradient(runChain(pick(loaded, task.distil.through), stopGradient(boundary)))
    : null;
  return taskLoss(task, logits, labels, rival);
}
