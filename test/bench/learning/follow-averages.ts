import * as tf from '@tensorflow/tfjs-core';
import type { Loaded } from '../../../client/trainer/models/segment-models.ts';
import { averagesOf, keptInRound } from '../../../shared/aggregation/moving-average.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { type ModelOutline, segmentById } from '../../../shared/protocol/model-outline.ts';

/**
 * Moves the averages that follow what a lease trained, as the platform does when it folds a round (PUB4). Alone, a
 * lease is a round.
 */
export function followAverages(
  outline: ModelOutline,
  task: Task,
  loaded: Loaded,
  lease: { readonly batch: number; readonly examples: number },
): void {
  const { batch, examples } = lease;
  for (const { id, of = '', decay = 1, tensors } of averagesOf(outline, task.trains)) {
    const kept = keptInRound(decay, [examples], { batch, epochs: task.epochs });
    const names = segmentById(outline, of).tensors.map(({ name }) => name);
    for (const [i, { name }] of tensors.entries()) {
      const average = loaded[id]?.variables[i];
      const followed = loaded[of]?.variables[names.indexOf(name)];
      if (!average || !followed) throw new Error(`${id} has no tensor ${name} of ${of} to follow`);
      tf.tidy(() => average.assign(tf.add(tf.mul(average, kept), tf.mul(followed, 1 - kept))));
    }
  }
}
