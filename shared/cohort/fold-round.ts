import type { FoldedRole } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Manifest } from '../protocol/model-outline.ts';
import { mergeSums } from './merge-sums.ts';
import { moveAverages } from './move-averages.ts';
import { publishSums } from './publish-sums.ts';
import { type SumInput, sumRound } from './sum-round.ts';
import { taskOf } from './trained-segments.ts';

export interface FoldInput extends SumInput {
  readonly role: Role;
  /** The version that the round's leases were given. */
  readonly manifest: Manifest;
}

/** A closed round's updates become new shards: they are summed, sums merge, and what they move is published. */
export async function foldRound(input: FoldInput): Promise<FoldedRole> {
  const { config, round, role, manifest, ports } = input;
  const updates = ports.log.countUpdates(round);
  const task = taskOf(config, round, role);
  if (updates === 0 || !task) return { updates, segments: {} };
  const sums = mergeSums([sumRound(input, task.trains)]);
  const trained = await publishSums(sums, task.trains, manifest, ports.blobs);
  const examples = ports.log.measured(round).map(({ weight }) => weight);
  const averages = await moveAverages({ config, blobs: ports.blobs, manifest, task, examples }, trained);
  return { updates, segments: { ...trained, ...averages } };
}
