import { updateNorm } from '../../shared/aggregation/update-norm.ts';
import { decodeUpdate, openEnvelope } from '../../shared/codec/envelope.ts';
import { fittingBatch, needOf } from '../../shared/plan/cost/fit-task.ts';
import { tasksByRound } from '../../shared/plan/plan-tasks.ts';
import { trainedKey } from '../../shared/protocol/aggregation-spec.ts';
import { datasetClasses, partExamples } from '../../shared/protocol/dataset.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import { segmentsOf, type Task } from '../../shared/protocol/lease.ts';
import { segmentById } from '../../shared/protocol/model-outline.ts';
import { volunteersParts } from '../../shared/protocol/root-set.ts';
import type { RunSpec } from '../../shared/protocol/run-spec.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import type {
  BuiltModel,
  ExampleSource,
  LeaseJob,
  LeaseResult,
  SegmentFiles,
} from '../trainer/trainer-api.ts';

/**
 * All leases together take no more multiply-accumulates. That is some ten seconds on a slow machine. What is left out
 * begins without a norm of the host's.
 */
const MOST_MACS = 2e10;

/** What is asked of a trainer, wherever it runs. */
interface LeaseTrainer {
  work(job: LeaseJob): Promise<LeaseResult>;
}

export interface MeasuredNorms {
  /** By the segments that the task trains. */
  readonly norms: Readonly<Record<string, number>>;
  /** Tasks that were not trained, by what they train. */
  readonly missing: readonly string[];
}

/**
 * Trains one lease of each kind of task on version 0, and says how long its update is. Volunteers' updates are clipped by
 * that in the first rounds, so the first who come cannot say what is usual. A lease that fails is left out.
 */
export async function measureNorms(
  trainer: LeaseTrainer,
  client: Pick<HomeroomClient, 'getBlob'>,
  spec: RunSpec,
  built: BuiltModel,
): Promise<MeasuredNorms> {
  const tasks = new Map<string, Task>();
  for (const [, own] of tasksByRound(spec, built.outline))
    for (const task of own) if (!tasks.has(trainedKey(task.trains))) tasks.set(trainedKey(task.trains), task);
  const parts = Array.from(
    { length: Math.min(spec.training.partsPerLease, volunteersParts(spec)) },
    (_, i) => i,
  );
  const examples = parts.reduce((sum, part) => sum + partExamples(spec.dataset, 'train', part), 0);
  const norms: Record<string, number> = {};
  let left = MOST_MACS;
  for (const [key, task] of tasks) {
    left -= needOf(built.outline, task, { batch: 1, examples }).macs;
    if (left < 0) break;
    const norm = await normOf(trainer, await jobOf(client, spec, built, task, parts)).catch(() => 0);
    if (norm > 0 && Number.isFinite(norm)) norms[key] = norm;
  }
  return { norms, missing: [...tasks.keys()].filter(key => norms[key] === undefined) };
}

async function normOf(trainer: LeaseTrainer, job: JobWithTensors): Promise<number> {
  const { envelope } = await trainer.work(job.job);
  const opened = openEnvelope(envelope);
  if (!opened.ok) throw new Error(opened.reason);
  const values = decodeUpdate(opened.value, { codec: job.job.codec, tensors: job.tensors });
  if (!values.ok) throw new Error(values.reason);
  return updateNorm(values.value.filter((_, i) => job.tensors[i]?.statistic === undefined));
}

interface JobWithTensors {
  readonly job: LeaseJob;
  readonly tensors: ReturnType<typeof expectedTensors>;
}

async function jobOf(
  client: Pick<HomeroomClient, 'getBlob'>,
  { dataset, training, codec, seed }: RunSpec,
  built: BuiltModel,
  task: Task,
  parts: readonly number[],
): Promise<JobWithTensors> {
  const { batch, momentum, weightDecay, augment } = training;
  return {
    tensors: expectedTensors(built.outline, task.trains, task.slices),
    job: {
      ...{ lease: 'measured', task, batch, momentum, weightDecay, augment, seed, codec },
      segments: Object.fromEntries(segmentsOf(task).map(id => [id, filesOf(built, id)])),
      examples: await examplesOf(client, dataset, parts),
      microBatch: fittingBatch(built.outline, task, batch, 0) || 1,
      classes: datasetClasses(dataset),
      downloadBytes: 0,
    },
  };
}

async function examplesOf(
  client: Pick<HomeroomClient, 'getBlob'>,
  dataset: RunSpec['dataset'],
  parts: readonly number[],
): Promise<ExampleSource> {
  if (dataset.kind === 'glyphs') return { kind: 'glyphs', dataset, split: 'train', parts };
  const hashes = parts.flatMap(part => dataset.train[part]?.sha256 ?? []);
  const files = await Promise.all(hashes.map(sha256 => client.getBlob(sha256)));
  return { kind: 'parts', hashes, files };
}

function filesOf({ outline, shards, blobs }: BuiltModel, id: string): SegmentFiles {
  const bytesOf = (hash: string): Uint8Array => {
    const blob = blobs.find(({ sha256 }) => sha256 === hash);
    if (!blob) throw new Error(`the model was built without its blob ${hash}`);
    return blob.bytes;
  };
  const { topology, tensors, macs, activations, channels } = segmentById(outline, id);
  return {
    ...{ topologyHash: topology, topology: bytesOf(topology), tensors, macs, activations, channels },
    shards: (shards[id] ?? []).map(({ sha256 }) => bytesOf(sha256)),
  };
}
