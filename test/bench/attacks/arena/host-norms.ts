import { updateNorm } from '../../../../shared/aggregation/update-norm.ts';
import { tasksByRound } from '../../../../shared/plan/plan-tasks.ts';
import { trainedKey } from '../../../../shared/protocol/aggregation-spec.ts';
import type { RunSpec } from '../../../../shared/protocol/run-spec.ts';
import { MemoryBlobs } from '../../../support/memory-blobs.ts';
import type { DenseNetwork, firstWeights } from '../network/dense-network.ts';
import type { LabelledRows } from '../network/pictures.ts';
import { trainTask } from '../network/train-task.ts';
import { VersionWeights } from './version-weights.ts';

/**
 * The norm of an update of each kind of task on version 0, as the host's machine measures it when it creates a run
 * (`client/host/measure-norms`).
 * @param pictures of the first training part
 */
export function hostNorms(
  network: DenseNetwork,
  first: ReturnType<typeof firstWeights>,
  spec: RunSpec,
  pictures: LabelledRows,
): Record<string, number> {
  const blobs = new MemoryBlobs();
  for (const { bytes } of first.blobs) blobs.keep(bytes);
  const segments = Object.entries(first.shards).map(([id, shards]) => [id, { version: 0, shards }] as const);
  const weights = new VersionWeights(network.outline, blobs).of({
    version: 0,
    segments: Object.fromEntries(segments),
  });
  const norms: Record<string, number> = {};
  for (const [, tasks] of tasksByRound(spec, network.outline))
    for (const task of tasks)
      norms[trainedKey(task.trains)] ??= updateNorm(
        trainTask(network, weights, task, pictures, spec.training, `${spec.seed} host`).changes,
      );
  return norms;
}
