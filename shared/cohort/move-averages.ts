import { keptInRound, movedShard, type ShardSpan, spansOf, valuesOf } from '../aggregation/moving-average.ts';
import type { FoldRequest, RoleRound } from '../protocol/cohort-report.ts';
import type { Task } from '../protocol/lease.ts';
import { type Segment, type ShardRef, segmentById } from '../protocol/model-outline.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import type { FoldSlice } from './fold-slice.ts';
import { shardsOf } from './folded-role.ts';
import type { Blobs, CohortPorts } from './ports.ts';

interface AverageInput {
  readonly config: RunConfig;
  readonly ports: Pick<CohortPorts, 'blobs'>;
  /** Those that count. */
  readonly updates: RoleRound['updates'];
  readonly request: FoldRequest;
  readonly task: Task;
}

/**
 * [PUB4] New shards of the moving averages that follow what a round trained. Memory holds two shards at a time.
 * @returns whether all have moved. If not, the slice had no more room
 */
export async function moveAverages(
  input: AverageInput,
  averages: readonly Segment[],
  slice: FoldSlice,
): Promise<boolean> {
  for (const average of averages) {
    const layout = spansOf(segmentById(input.config.model, average.of ?? '').tensors, average.tensors);
    for (const [shard, spans] of layout.entries()) {
      const place = { segment: average.id, shard };
      if (!slice.lacks(place)) continue;
      if (!slice.hasRoom()) return false;
      slice.settle([{ elements: elementsIn(spans), statistics: 0 }], 0);
      slice.add({ ...place, ref: await moveShard(input, average, shard, spans, slice) });
    }
  }
  return true;
}

async function moveShard(
  { config, ports: { blobs }, request: { manifest }, updates, task }: AverageInput,
  { id, of = '', decay = 1 }: Segment,
  shard: number,
  spans: readonly ShardSpan[],
  slice: FoldSlice,
): Promise<ShardRef> {
  const { batch } = config.spec.training;
  const examples = updates.map(update => update.examples);
  const kept = keptInRound(decay, examples, { batch, epochs: task.epochs });
  const old = manifest.segments[id]?.shards[shard];
  if (!old) throw new Error(`version ${manifest.version} lacks shard ${shard} of ${id}`);
  const moved = slice.settled.filter(({ segment }) => segment === of);
  const values = await gather(blobs, shardsOf(manifest.segments[of], moved), spans);
  return blobs.put(movedShard(await blobs.get(old.sha256), values, kept));
}

const elementsIn = (spans: readonly ShardSpan[]): number =>
  spans.reduce((sum, { elements }) => sum + elements, 0);

/** The values of these spans, one after another. Only one of the shards that they lie in is in memory. */
async function gather(
  blobs: Blobs,
  shards: readonly ShardRef[],
  spans: readonly ShardSpan[],
): Promise<Float32Array> {
  const values = new Float32Array(elementsIn(spans));
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
