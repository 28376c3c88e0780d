import { applyAggregate } from '../aggregation/apply-aggregate.ts';
import type { PartialSum } from '../aggregation/partial-sums.ts';
import { encodeSum } from '../aggregation/sum-bytes.ts';
import type { FoldRequest, HandedSums } from '../protocol/cohort-report.ts';
import type { ShardRef } from '../protocol/model-outline.ts';
import type { Blobs, CohortPorts } from './ports.ts';

export interface Settled {
  /** New shards of the segments that this cohort publishes. A shard stays as it is if no update counts. */
  readonly published: Readonly<Record<string, readonly ShardRef[]>>;
  /** Sums of the others, for the cohort that goes on with them. */
  readonly handed: HandedSums;
}

/**
 * Ends a fold: each shard's sum becomes its next values, or is handed to the cohort of a heavier role that trained the
 * segment too. Memory holds one shard at a time.
 * @param trains the segments that are summed
 */
export async function settleSums(
  sums: AsyncIterable<PartialSum>,
  trains: readonly string[],
  { round, manifest, handsOn }: FoldRequest,
  ports: Pick<CohortPorts, 'blobs' | 'sums'>,
): Promise<Settled> {
  const published = new Map<string, ShardRef[]>();
  const handed = new Map<string, string[]>();
  for (const id of trains)
    if (handsOn.includes(id)) handed.set(id, []);
    else published.set(id, [...(manifest.segments[id]?.shards ?? [])]);
  for await (const sum of sums) {
    const { segment, shard } = sum.unit;
    const keys = handed.get(segment);
    if (keys) keys.push(await ports.sums.keep({ round, segment, shard }, encodeSum(sum)));
    else await publish(sum, published.get(segment) ?? [], ports.blobs);
  }
  return { published: Object.fromEntries(published), handed: Object.fromEntries(handed) };
}

async function publish(sum: PartialSum, shards: ShardRef[], blobs: Blobs): Promise<void> {
  const { segment, shard } = sum.unit;
  const old = shards[shard];
  if (!old) throw new Error(`the version of the leases lacks shard ${shard} of ${segment}`);
  const moved = applyAggregate(await blobs.get(old.sha256), sum);
  if (moved) shards[shard] = await blobs.put(moved);
}
