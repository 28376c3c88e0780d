import {
  averagesOf,
  keptInRound,
  movedShard,
  type ShardSpan,
  spansOf,
  valuesOf,
} from '../aggregation/moving-average.ts';
import type { Task } from '../protocol/lease.ts';
import { type Manifest, type Segment, type ShardRef, segmentById } from '../protocol/model-outline.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import type { Blobs } from './ports.ts';

interface AverageInput {
  readonly config: RunConfig;
  readonly blobs: Blobs;
  /** The version that the round's leases were given. */
  readonly manifest: Manifest;
  readonly task: Task;
  /** Of each lease whose update was accepted. */
  readonly examples: readonly number[];
}

type Shards = Readonly<Record<string, readonly ShardRef[]>>;

/** [PUB4] New shards of the moving averages that follow what a round trained. Memory holds two shards at a time. */
export async function moveAverages(input: AverageInput, trained: Shards): Promise<Shards> {
  const moved: Record<string, ShardRef[]> = {};
  for (const average of averagesOf(input.config.model, input.task.trains))
    moved[average.id] = await moveAverage(input, average, trained[average.of ?? ''] ?? []);
  return moved;
}

async function moveAverage(
  { config: { spec, model }, blobs, manifest, task, examples }: AverageInput,
  { id, of = '', decay = 1, tensors }: Segment,
  fresh: readonly ShardRef[],
): Promise<ShardRef[]> {
  const { batch } = spec.training;
  const kept = keptInRound(decay, examples, { batch, epochs: task.epochs });
  const shards: ShardRef[] = [];
  for (const [i, spans] of spansOf(segmentById(model, of).tensors, tensors).entries()) {
    const old = manifest.segments[id]?.shards[i];
    if (!old) throw new Error(`version ${manifest.version} lacks shard ${i} of ${id}`);
    const values = await gather(blobs, fresh, spans);
    shards.push(await blobs.put(movedShard(await blobs.get(old.sha256), values, kept)));
  }
  return shards;
}

/** The values of these spans, one after another. Only one of the shards that they lie in is in memory. */
async function gather(
  blobs: Blobs,
  shards: readonly ShardRef[],
  spans: readonly ShardSpan[],
): Promise<Float32Array> {
  const values = new Float32Array(spans.reduce((sum, { elements }) => sum + elements, 0));
  let end = 0;
  let open = { shard: -1, values: new Float32Array(0) };
  for (const { shard, from, elements } of spans) {
    const ref = shards[shard];
    if (!ref) throw new Error(`there is no shard ${shard} for an average to follow`);
    if (open.shard !== shard) open = { shard, values: valuesOf(await blobs.get(ref.sha256)) };
    values.set(open.values.subarray(from, from + elements), end);
    end += elements;
  }
  return values;
}
