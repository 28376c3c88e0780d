import { type Dataset, datasetClasses } from '../../shared/datasets/dataset.ts';
import { fittingBatch } from '../../shared/plan/fit-task.ts';
import { type Lease, segmentsOf } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { segmentById } from '../../shared/protocol/model-outline.ts';
import type { ExampleSource, LeaseJob, SegmentFiles } from '../trainer/trainer-api.ts';
import type { BlobSource } from './blob-cache.ts';

/**
 * Downloads what the lease needs and this device lacks, and writes the job for the trainer.
 * @param memoryMB of this device; 0 where it is not known
 */
export async function prepareJob(
  { spec, model }: RunInfo,
  lease: Lease,
  blobs: BlobSource,
  memoryMB: number,
  signal: AbortSignal,
): Promise<LeaseJob> {
  const before = blobs.downloadedBytes;
  const loaded = await Promise.all(segmentsOf(lease.task).map(id => loadSegment(id)));
  // Parts are the data, not the model: they are fetched and kept alike but not counted with the weights.
  const downloadBytes = blobs.downloadedBytes - before;
  const examples = await loadExamples(spec.dataset, lease, blobs, signal);
  const { batch, momentum, weightDecay } = spec.training;
  return {
    lease: lease.id,
    task: lease.task,
    segments: Object.fromEntries(loaded),
    examples,
    batch,
    microBatch: fittingBatch(model, lease.task, batch, memoryMB) || 1,
    momentum,
    weightDecay,
    seed: lease.seed,
    codec: spec.codec,
    classes: datasetClasses(spec.dataset),
    downloadBytes,
  };

  async function loadSegment(id: string): Promise<[string, SegmentFiles]> {
    const files = lease.segments[id];
    if (!files) throw new Error(`the lease names segment ${id} and does not say where it lies`);
    const [topology, ...shards] = await blobs.getAll(
      [files.topology, ...files.shards.map(shard => shard.sha256)],
      signal,
    );
    if (!topology) throw new Error(`segment ${id} has no topology`);
    return [id, { topologyHash: files.topology, topology, tensors: segmentById(model, id).tensors, shards }];
  }
}

async function loadExamples(
  dataset: Dataset,
  lease: Lease,
  blobs: BlobSource,
  signal: AbortSignal,
): Promise<ExampleSource> {
  const { split, parts } = lease;
  if (dataset.kind === 'glyphs') return { kind: 'glyphs', dataset, split, parts };
  const hashes = parts.map(part => {
    const ref = dataset[split][part];
    if (!ref)
      throw new Error(`the lease names part ${part} of ${dataset.name}, which has ${dataset[split].length}`);
    return ref.sha256;
  });
  return { kind: 'parts', files: await blobs.getAll(hashes, signal) };
}
