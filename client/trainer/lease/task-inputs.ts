import * as tf from '@tensorflow/tfjs-core';
import { drawChanges } from '../../../shared/datasets/augment.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { batches, range } from '../examples/batches.ts';
import { featureSource, type InputSource, pixelSource, splitFeatures } from '../examples/examples.ts';
import { type Loaded, pick, runChain } from '../models/segment-models.ts';
import type { LeaseJob } from '../trainer-api.ts';
import type { WorkPace } from './work-pace.ts';

/** Forward passes of frozen segments keep nothing for a gradient, so they take more examples at once. */
export const featureBatch = ({ microBatch }: Pick<LeaseJob, 'microBatch'>): number => 4 * microBatch;

/**
 * What each epoch of a task trains on. If the run augments its pictures, they are drawn again for every epoch. Behind
 * frozen segments only `views` of them are drawn; each runs once through those segments, and the epochs take turns
 * with the output.
 */
export async function taskInputs(
  job: LeaseJob,
  loaded: Loaded,
  examples: Examples,
  pace: WorkPace,
): Promise<(epoch: number) => InputSource> {
  const view = (number: number): InputSource => pixelSource(examples, changesOf(job, examples, number));
  const { frozen, views, epochs } = job.task;
  if (frozen.length === 0) return view;
  // Without augmentation all views are the same.
  const wanted = job.augment === 'none' ? 1 : Math.min(views, epochs);
  const kept: InputSource[] = [];
  for (const number of range(wanted)) kept.push(await frozenFeatures(job, loaded, view(number), pace));
  return epoch => kept[epoch % kept.length] as InputSource;
}

const changesOf = ({ augment, seed, lease }: LeaseJob, { labels }: Examples, view: number) =>
  augment === 'none' ? null : drawChanges(labels.length, seed, lease, view);

/**
 * The largest number of half precision. Features are kept in it, and an infinite one would look like a rate too high.
 */
const LARGEST_HALF = 65_504;

/** Features of a batch in the range in which they are kept. Makes tensors: call within `tidy`. */
export const runFrozen = (loaded: Loaded, { frozen }: LeaseJob['task'], input: tf.Tensor): tf.Tensor =>
  tf.clipByValue(runChain(pick(loaded, frozen), input), -LARGEST_HALF, LARGEST_HALF);

/** What the task's frozen segments put out for every picture. */
async function frozenFeatures(
  job: LeaseJob,
  loaded: Loaded,
  pixels: InputSource,
  pace: WorkPace,
): Promise<InputSource> {
  const features: Uint16Array[] = [];
  let shape: number[] = [];
  for (const indices of batches(range(pixels.count), featureBatch(job))) {
    const output = tf.tidy(() => runFrozen(loaded, job.task, pixels.batch(indices)));
    shape = output.shape.slice(1);
    features.push(...splitFeatures(await takeValues(output), indices.length));
    await pace.step(0);
  }
  return featureSource(features, shape);
}

/** Reads a tensor back and disposes it, also if reading fails. */
export async function takeValues(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return (await tensor.data()) as Float32Array;
  } finally {
    tensor.dispose();
  }
}
