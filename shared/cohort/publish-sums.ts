import { applyAggregate } from '../aggregation/apply-aggregate.ts';
import type { PartialSum } from '../aggregation/partial-sums.ts';
import type { Manifest, ShardRef } from '../protocol/model-outline.ts';
import type { Blobs } from './ports.ts';

type Shards = Readonly<Record<string, readonly ShardRef[]>>;

/**
 * Makes each shard's next values of its sums, and publishes them. A shard stays as it is if no update counts.
 * @param trains the segments that are summed
 * @returns the shards of these segments. Memory holds one at a time
 */
export async function publishSums(
  sums: AsyncIterable<PartialSum>,
  trains: readonly string[],
  manifest: Manifest,
  blobs: Blobs,
): Promise<Shards> {
  const shards = new Map(trains.map(id => [id, [...(manifest.segments[id]?.shards ?? [])]]));
  for await (const sum of sums) {
    const { unit } = sum;
    const own = shards.get(unit.segment);
    const old = own?.[unit.shard];
    if (!own || !old)
      throw new Error(`version ${manifest.version} lacks shard ${unit.shard} of ${unit.segment}`);
    const moved = applyAggregate(await blobs.get(old.sha256), sum);
    if (moved) own[unit.shard] = await blobs.put(moved);
  }
  return Object.fromEntries(shards);
}
