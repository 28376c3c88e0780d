import { fittingBatch } from '../../shared/plan/cost/fit-task.ts';
import { type Dataset, datasetClasses } from '../../shared/protocol/dataset.ts';
import { type Lease, segmentsOf } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { segmentById } from '../../shared/protocol/model-outline.ts';
import type { ExampleSource, LeaseJob, SegmentFiles } from '../trainer/trainer-api.ts';
import type { BlobSource } from './blob-source.ts';
import { tooManyBytes, type WorkLimits } from './work-limits.ts';

/** Parts of the data. */
interface Examined extends Pick<Lease, 'split'> {
  readonly parts: readonly number[];
}

/** A job but for what is only known at the moment when the trainer gets it. */
export type PreparedJob = Omit<LeaseJob, 'downloadBytes' | 'residual' | 'drift'>;

/** How many of the files that the lease needs are here. */
export type OnFiles = (done: number, total: number) => void;

/**
 * Downloads what the lease needs and this device lacks, and writes the job for the trainer.
 * @param memoryMB of this device; 0 if it is not known
 * @throws TooMuchWorkError if more bytes come than its owner agreed to, whatever was claimed
 */
export async function prepareJob(
  { spec, model }: RunInfo,
  lease: Lease,
  blobs: BlobSource,
  { memoryMB, workLimits }: { readonly memoryMB: number; readonly workLimits: WorkLimits },
  onFiles: OnFiles = () => {},
): Promise<PreparedJob> {
  const wanted = segmentsOf(lease.task).map(id => [id, filesOf(lease, id)] as const);
  const parts = partsOf(spec.dataset, lease);
  const total = parts.length + wanted.reduce((sum, [, files]) => sum + files.length, 0);
  let [done, length] = [0, 0];
  const counted = async (file: Promise<Uint8Array>): Promise<Uint8Array> => {
    const bytes = await file;
    length += bytes.length;
    if (length > 1e6 * workLimits.downloadMB) throw tooManyBytes(length, workLimits);
    onFiles(++done, total);
    return bytes;
  };
  const getAll = (hashes: readonly string[], kind: 'model' | 'data') =>
    Promise.all(hashes.map(sha256 => counted(blobs.get(sha256, kind))));

  const segments = wanted.map(async ([id, files]): Promise<[string, SegmentFiles]> => {
    const [topology, ...shards] = await getAll(files, 'model');
    if (!topology) throw new Error(`segment ${id} has no topology`);
    const [topologyHash = ''] = files;
    const { tensors, macs, activations, channels } = segmentById(model, id);
    return [id, { topologyHash, topology, tensors, macs, activations, channels, shards }];
  });
  const [loaded, files] = await Promise.all([Promise.all(segments), getAll(parts, 'data')]);
  const { batch, momentum, weightDecay, augment } = spec.training;
  return {
    lease: lease.id,
    task: lease.task,
    segments: Object.fromEntries(loaded),
    examples: examplesOf(spec.dataset, lease, parts, files),
    batch,
    microBatch: fittingBatch(model, lease.task, batch, memoryMB) || 1,
    momentum,
    weightDecay,
    augment,
    seed: lease.seed,
    codec: spec.codec,
    classes: datasetClasses(spec.dataset),
  };
}

/** Hashes of a segment's topology and, after it, its shards. */
export function filesOf(lease: Pick<Lease, 'segments'>, id: string): string[] {
  const files = lease.segments[id];
  if (!files) throw new Error(`the lease names segment ${id} and does not say where its files lie`);
  return [files.topology, ...files.shards.map(shard => shard.sha256)];
}

/** Hashes of the lease's parts. There are none if the pictures are drawn here. */
export function partsOf(dataset: Dataset, { split, parts }: Examined): string[] {
  if (dataset.kind === 'glyphs') return [];
  return parts.map(part => {
    const ref = dataset[split][part];
    if (!ref)
      throw new Error(`the lease names part ${part} of ${dataset.name}, which has ${dataset[split].length}`);
    return ref.sha256;
  });
}

export const examplesOf = (
  dataset: Dataset,
  { split, parts }: Examined,
  hashes: readonly string[],
  files: readonly Uint8Array[],
): ExampleSource =>
  dataset.kind === 'glyphs' ? { kind: 'glyphs', dataset, split, parts } : { kind: 'parts', hashes, files };
