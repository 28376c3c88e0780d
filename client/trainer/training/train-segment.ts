import type { Examples } from '../../../shared/datasets/examples.ts';
import { createRandom, shuffled } from '../../../shared/math/random.ts';
import { batches, range } from '../examples/batches.ts';
import { taskInputs } from '../lease/task-inputs.ts';
import type { WorkPace } from '../lease/work-pace.ts';
import type { Loaded } from '../models/segment-models.ts';
import type { LeaseJob } from '../trainer-api.ts';
import { DivergedError } from './diverged-error.ts';
import { DriftCorrection } from './drift-correction.ts';
import { LossSum } from './loss-sum.ts';
import { NesterovSgd } from './nesterov-sgd.ts';
import { PeakMemory } from './peak-memory.ts';
import { type Training, trainStep } from './train-step.ts';

/**
 * The largest loss that is told: an update's metrics hold no larger one. Chance is below ten, so nobody misses what is
 * beyond.
 */
const LARGEST_LOSS = 1e9;

interface TrainingOutcome {
  /** Mean of the last epoch. */
  readonly loss: number;
  /** Examples seen, counted in every epoch. */
  readonly samples: number;
  readonly peakBytes: number;
}

/**
 * Trains the task's segments on the examples. The frozen ones run once and their output is kept; then come `epochs`
 * passes in shuffled batches. The segments' variables hold the result.
 * @param lasting an optimizer whose momentum goes on from lease to lease; its owner disposes it. Without one, every
 * lease begins at rest
 * @throws DivergedError if the loss is not a finite number, and AbortError
 */
export async function trainSegment(
  job: LeaseJob,
  loaded: Loaded,
  examples: Examples,
  pace: WorkPace,
  lasting?: NesterovSgd,
): Promise<TrainingOutcome> {
  const { task, momentum, weightDecay } = job;
  const { labels } = examples;
  const peak = new PeakMemory();
  const optimizer = lasting ?? new NesterovSgd({ momentum, weightDecay });
  const correction = task.correction === undefined ? undefined : new DriftCorrection(job, loaded);
  try {
    const inputs = await taskInputs(job, loaded, examples, pace);
    let loss = 0;
    for (let epoch = 0; epoch < task.epochs; epoch++) {
      const training = { job, loaded, source: inputs(epoch), labels, optimizer, correction };
      loss = await trainEpoch(job, training, epoch, pace);
    }
    return { loss, samples: labels.length * task.epochs, peakBytes: peak.bytes };
  } finally {
    peak.end();
    correction?.dispose();
    if (!lasting) optimizer.dispose();
  }
}

async function trainEpoch(job: LeaseJob, training: Training, epoch: number, pace: WorkPace): Promise<number> {
  const { count } = training.source;
  const order = Uint32Array.from(
    shuffled(createRandom('order', job.seed, job.lease, epoch), [...range(count)]),
  );
  const steps = Math.ceil(count / job.batch);
  const losses = new LossSum();
  try {
    for (const [step, indices] of [...batches(order, job.batch)].entries()) {
      const share = (epoch + step / steps) / job.task.epochs;
      losses.add(await trainStep(training, indices, share, pace), indices.length);
      await pace.step(indices.length, () => tellableMean(losses));
    }
    return await tellableMean(losses);
  } finally {
    losses.dispose();
  }
}

async function tellableMean(losses: LossSum): Promise<number> {
  const mean = await losses.mean();
  if (!Number.isFinite(mean)) throw new DivergedError();
  return Math.max(-LARGEST_LOSS, Math.min(mean, LARGEST_LOSS));
}
