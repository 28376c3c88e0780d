import { foldUnits } from '../aggregation/fold-units.ts';
import type { PartialSum } from '../aggregation/partial-sums.ts';
import { spreadSums } from '../aggregation/spread-sums.ts';
import type { FoldedRole, FoldRequest } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Task } from '../protocol/lease.ts';
import { addHanded, noSums } from './add-handed.ts';
import { moveAverages } from './move-averages.ts';
import { settleSums } from './settle-sums.ts';
import { type SumInput, sumRound } from './sum-round.ts';
import { taskOf } from './trained-segments.ts';

export interface FoldInput extends SumInput {
  readonly role: Role;
  readonly request: FoldRequest;
}

/**
 * A closed round's updates become new shards: they are summed, the sums that other cohorts handed to this one are added,
 * and what they move is published, or handed on.
 */
export async function foldRound(input: FoldInput): Promise<FoldedRole> {
  const { config, role, request, ports } = input;
  const { round, manifest, handed } = request;
  const updates = ports.log.countUpdates(round);
  const task = taskOf(config, round, role);
  const trains = (task?.trains ?? []).filter(id => updates > 0 || handed[id] !== undefined);
  if (!task || trains.length === 0) return { updates, segments: {} };
  const own = updates > 0 ? sumOwn(input, task) : noSums(foldUnits(config.model, trains));
  const settled = await settleSums(addHanded(own, handed, ports.sums), trains, request, ports);
  const { published, slots } = settled;
  const examples = ports.log.examples(round);
  const averages =
    updates > 0
      ? await moveAverages({ config, blobs: ports.blobs, manifest, task, examples }, published)
      : {};
  const handedOn = Object.keys(settled.handed).length > 0 ? { handed: settled.handed } : {};
  const kept = Object.keys(slots).length > 0 ? { slots } : {};
  const drift = request.allExamples ? { allExamples: only(request.allExamples, Object.keys(published)) } : {};
  return { updates, segments: { ...published, ...averages }, ...kept, ...drift, ...handedOn };
}

const only = (counts: Readonly<Record<string, number>>, ids: readonly string[]): Record<string, number> =>
  Object.fromEntries(ids.flatMap(id => (counts[id] === undefined ? [] : [[id, counts[id]]])));

/** The sums of this cohort's updates over whole shards, which those of other slices merge with. */
async function* sumOwn(input: FoldInput, { trains, slices }: Task): AsyncIterable<PartialSum> {
  const sums = sumRound(input, { trains, slices });
  if (!slices) return yield* sums;
  const spread = spreadSums(input.config.model, { trains, slices });
  for await (const sum of sums) yield spread(sum);
}
