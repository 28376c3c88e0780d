import { applyAggregate } from '../aggregation/apply-aggregate.ts';
import { meanOf } from '../aggregation/exact-sum.ts';
import type { PartialSum } from '../aggregation/partial-sums.ts';
import type { FoldedRole } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Manifest, ShardRef } from '../protocol/model-outline.ts';
import { moveAverages } from './move-averages.ts';
import type { Blobs } from './ports.ts';
import { type SumInput, sumRound } from './sum-round.ts';
import { taskOf } from './trained-segments.ts';

export interface FoldInput extends SumInput {
  readonly role: Role;
  /** The version that the round's leases were given. */
  readonly manifest: Manifest;
}

/** Sums a closed round's updates, applies the sums to its shards, publishes these, and says which shards there are now. */
export async function foldRound(input: FoldInput): Promise<FoldedRole> {
  const { config, round, role, manifest, ports } = input;
  const updates = ports.log.countUpdates(round);
  const task = taskOf(config, round, role);
  if (updates === 0 || !task) return { updates, segments: {} };
  const segments: Record<string, ShardRef[]> = Object.fromEntries(
    task.trains.map(id => [id, [...(manifest.segments[id]?.shards ?? [])]]),
  );
  for await (const partial of sumRound(input, task.trains)) {
    const { segment, shard } = partial.unit;
    const shards = segments[segment];
    const old = shards?.[shard];
    if (!shards || !old) throw new Error(`version ${manifest.version} lacks shard ${shard} of ${segment}`);
    shards[shard] = await publishSum(ports.blobs, old, partial);
  }
  const examples = ports.log.measured(round).map(({ weight }) => weight);
  const averages = await moveAverages({ config, blobs: ports.blobs, manifest, task, examples }, segments);
  return { updates, segments: { ...segments, ...averages } };
}

/** Moves one shard by its sum's mean, and publishes it. It stays as it is if no update counts. */
async function publishSum(blobs: Blobs, old: ShardRef, { sum }: PartialSum): Promise<ShardRef> {
  const aggregate = meanOf(sum);
  return aggregate === null ? old : blobs.put(applyAggregate(await blobs.get(old.sha256), aggregate));
}
