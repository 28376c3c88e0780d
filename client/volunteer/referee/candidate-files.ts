import { fittingBatch } from '../../../shared/plan/cost/fit-task.ts';
import type { Check } from '../../../shared/protocol/check.ts';
import { segmentById } from '../../../shared/protocol/model-outline.ts';
import type { LossJob, SegmentFiles } from '../../trainer/trainer-api.ts';
import { examplesOf, filesOf, partsOf } from '../prepare-job.ts';
import type { Work } from '../volunteer-options.ts';

/** Shards by segment: those of a version, or some that replace them. */
export type Shards = Readonly<Record<string, readonly Uint8Array[]>>;

/** What a check needs: the version before, the shards that the candidate has in its place, and the root set. */
export interface CheckFiles {
  readonly before: LossJob;
  readonly candidate: Shards;
}

/** Downloads it, as far as this device lacks it. The shards of a candidate are the next version's. */
export async function checkFiles({ options, info, blobs }: Work, check: Check): Promise<CheckFiles> {
  const { spec, model } = info;
  const root = { split: 'train', parts: check.parts } as const;
  const hashes = partsOf(spec.dataset, root);
  const segments = Object.keys(check.segments).map(async (id): Promise<[string, SegmentFiles]> => {
    const [topologyHash = '', ...shardHashes] = filesOf(check, id);
    const [topology, shards] = await Promise.all([
      blobs.get(topologyHash, 'model'),
      blobs.getAll(shardHashes, 'model'),
    ]);
    const { tensors, macs, activations, channels } = segmentById(model, id);
    return [id, { topologyHash, topology, tensors, macs, activations, channels, shards }];
  });
  const candidate = Object.entries(check.candidate).map(
    async ([id, refs]) =>
      [
        id,
        await blobs.getAll(
          refs.map(({ sha256 }) => sha256),
          'model',
        ),
      ] as const,
  );
  const [loaded, replaced, files] = await Promise.all([
    Promise.all(segments),
    Promise.all(candidate),
    blobs.getAll(hashes, 'data'),
  ]);
  return {
    before: {
      task: check.task,
      segments: Object.fromEntries(loaded),
      examples: examplesOf(spec.dataset, root, hashes, files),
      microBatch: fittingBatch(model, check.task, spec.training.batch, options.memoryMB) || 1,
    },
    candidate: Object.fromEntries(replaced),
  };
}

/** The same weights but for these shards. */
export const withShards = (job: LossJob, shards: Shards): LossJob => ({
  ...job,
  segments: Object.fromEntries(
    Object.entries(job.segments).map(([id, files]) => [id, { ...files, shards: shards[id] ?? files.shards }]),
  ),
});
