import { applyAggregate } from '../../../shared/aggregation/apply-aggregate.ts';
import { foldUnits } from '../../../shared/aggregation/fold-units.ts';
import { spreadSums } from '../../../shared/aggregation/spread-sums.ts';
import { KeptEnvelopes } from '../../../shared/cohort/kept-envelopes.ts';
import type { Envelopes } from '../../../shared/cohort/ports.ts';
import { sumGroup } from '../../../shared/cohort/sum-group.ts';
import type { Suspects } from '../../../shared/protocol/check.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import type { LossJob } from '../../trainer/trainer-api.ts';
import type { Shards } from './candidate-files.ts';

/** An update of a candidate that hurts. */
export type Suspect = Suspects['roles'][number]['updates'][number];

/**
 * [CHECK7] What the mean of some updates makes of the version before, by the code that folds a round. It is made shard by
 * shard, with two updates' values of it in memory.
 * @param envelopes that hold the updates
 */
export async function groupShards(
  config: RunConfig,
  { trains, slices }: Pick<Task, 'trains' | 'slices'>,
  before: LossJob['segments'],
  group: readonly Suspect[],
  envelopes: Pick<Envelopes, 'read'>,
): Promise<Shards> {
  const kept = new KeptEnvelopes(config, { trains, ...(slices && { slices }) }, { ...envelopes, archive });
  const whole = slices ? spreadSums(config.model, { trains, slices }) : <Sum>(sum: Sum): Sum => sum;
  const weighed = group.map(({ lease, weight, scale }) => ({
    update: { lease, weight, facts: null, place: { key: lease } },
    weighing: { weight, scale },
  }));
  const moved: Record<string, Uint8Array[]> = {};
  for (const unit of foldUnits(config.model, trains, slices)) {
    const old = before[unit.segment]?.shards[unit.shard];
    // What no exit of the check uses is not here.
    if (!old) continue;
    const [sum] = await sumGroup([unit], weighed, kept);
    const shards = moved[unit.segment] ?? [...(before[unit.segment]?.shards ?? [])];
    shards[unit.shard] = (sum && applyAggregate(old, whole(sum), { isBound: false })?.shard) ?? old;
    moved[unit.segment] = shards;
  }
  return moved;
}

const archive = async (): Promise<void> => {};
