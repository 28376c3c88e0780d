import { fittingBatch } from '../../shared/plan/cost/fit-task.ts';
import { evaluationTask } from '../../shared/plan/plan-tasks.ts';
import { segmentsOf } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { segmentById } from '../../shared/protocol/model-outline.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import type { AnsweringVersion, SegmentFiles } from '../trainer/trainer-api.ts';
import type { BlobSource } from './blob-source.ts';
import type { OnFiles } from './prepare-job.ts';

/** Where a version is fetched from, and for what device. */
export interface VersionSource {
  readonly client: Pick<HomeroomClient, 'version'>;
  readonly blobs: Pick<BlobSource, 'get'>;
  /** Of this device; 0 if it is not known. */
  readonly memoryMB: number;
  readonly signal?: AbortSignal;
  readonly onFiles?: OnFiles;
}

/**
 * Downloads what a version of a run needs to answer, as far as this device lacks it: the network that is judged.
 * @throws RefusedError, `not-found`, if the version is not kept any more
 */
export async function answeringVersion(
  { run, spec, model }: Pick<RunInfo, 'run' | 'spec' | 'model'>,
  version: number,
  { client, blobs, memoryMB, signal, onFiles = () => {} }: VersionSource,
): Promise<Required<AnsweringVersion>> {
  const task = evaluationTask(spec, model, version);
  const manifest = await client.version(run, version, signal);
  const wanted = segmentsOf(task).map(id => {
    const segment = segmentById(model, id);
    const shards = manifest.segments[id]?.shards ?? [];
    return { id, segment, files: [segment.topology, ...shards.map(({ sha256 }) => sha256)] };
  });
  const total = wanted.reduce((sum, { files }) => sum + files.length, 0);
  let done = 0;
  const get = async (sha256: string): Promise<Uint8Array> => {
    const bytes = await blobs.get(sha256, 'model');
    onFiles(++done, total);
    return bytes;
  };
  const segments = wanted.map(async ({ id, segment, files }): Promise<[string, SegmentFiles]> => {
    const [topology, ...shards] = await Promise.all(files.map(get));
    if (!topology) throw new Error(`segment ${id} has no topology`);
    const { topology: topologyHash, tensors, macs, activations, channels } = segment;
    return [id, { topologyHash, topology, tensors, macs, activations, channels, shards }];
  });
  return {
    version: `${run}/${version}`,
    task,
    microBatch: fittingBatch(model, task, spec.training.batch, memoryMB) || 1,
    segments: Object.fromEntries(await Promise.all(segments)),
  };
}
