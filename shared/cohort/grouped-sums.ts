import type { Weighing } from '../aggregation/aggregation-rule.ts';
import { type FoldUnit, foldUnits } from '../aggregation/fold-units.ts';
import { groupUnits } from '../aggregation/group-units.ts';
import { emptySums, type PartialSum, type PartialSums } from '../aggregation/partial-sums.ts';
import type { RoundRule } from '../aggregation/round-rule.ts';
import { spreadSums } from '../aggregation/spread-sums.ts';
import type { Task } from '../protocol/lease.ts';
import { compareUpdates } from './compare-updates.ts';
import { trimmedSum } from './coordinate-sums.ts';
import type { FoldInput } from './fold-round.ts';
import type { FoldSlice } from './fold-slice.ts';
import { KeptEnvelopes } from './kept-envelopes.ts';
import type { RowSource } from './read-rows.ts';
import { sumGroup, type WeighedUpdate } from './sum-group.ts';
import { bucketWeights, weighCompared } from './weigh-round.ts';

/** How the sums of a fold are made, a group of shards at a time. */
export interface GroupedSums {
  readonly groups: readonly (readonly FoldUnit[])[];
  /** How many values are added for one that is summed, or take as long as that. */
  readonly updates: number;
  sum(units: readonly FoldUnit[]): Promise<PartialSums>;
  /** Makes a sum one over a whole shard, which those of other slices merge with. */
  readonly whole: (sum: PartialSum) => PartialSum;
}

/** The sums of a cohort that has no updates. */
export const noSums = ({ config, groupBytes }: FoldInput, trains: readonly string[]): GroupedSums => ({
  groups: groupUnits(foldUnits(config.model, trains), groupBytes),
  updates: 0,
  sum: async units => emptySums(units),
  whole: sum => sum,
});

/**
 * The sums of this cohort's updates. The running sums are taken if they are whole. Otherwise each group reads its values
 * of every kept envelope once.
 * @returns null if the updates must be compared first, and the slice has no room for all of that
 */
export async function ownSums(
  input: FoldInput,
  { trains, slices }: Task,
  chosen: RoundRule,
  slice: FoldSlice,
): Promise<GroupedSums | null> {
  const { config, ports, sums, groupBytes, ofRole } = input;
  const whole = slices ? spreadSums(config.model, { trains, slices }) : (sum: PartialSum): PartialSum => sum;
  const units = foldUnits(config.model, trains, slices);
  const groups = groupUnits(units, groupBytes);
  if (sums) return { groups, whole, updates: 0, sum: async own => sums.of(own) };
  const { round } = input.request;
  const envelopes = new KeptEnvelopes(config, { trains, slices }, ports.envelopes);
  const updates = ports.log.countUpdates(round);
  const { rule, buckets, hostile } = chosen;
  const source = buckets && { buckets, envelopes, updates: () => ports.log.updates(round) };
  if (source && rule.kind === 'by-coordinate') {
    const weights = bucketWeights(source.buckets, ofRole.updates);
    const trim = rule.trim(weights.length, hostile);
    const sum = (own: readonly FoldUnit[]) => trimmedSums(own, source, weights, trim);
    return { groups, whole, updates: updates * SORTING, sum };
  }
  const weighings = await weigh(input, units, chosen, source, slice);
  if (!weighings) return null;
  const sum = (own: readonly FoldUnit[]) => sumGroup(own, weighed(input, weighings), envelopes);
  return { groups, whole, updates, sum };
}

/** To sort a value among others takes as long as to add so many. */
const SORTING = 3;

async function trimmedSums(
  units: readonly FoldUnit[],
  source: RowSource,
  weights: readonly number[],
  trim: number,
): Promise<PartialSums> {
  const sums: PartialSum[] = [];
  for (const unit of units) sums.push(await trimmedSum(unit, source, weights, trim));
  return sums;
}

/** How much each update of the role counts. Null if they are not all compared yet. */
async function weigh(
  { ports, ofRole, request }: FoldInput,
  units: readonly FoldUnit[],
  chosen: RoundRule,
  source: RowSource | null,
  slice: FoldSlice,
): Promise<readonly Weighing[] | null> {
  const { rule } = chosen;
  if (rule.kind === 'one-pass' && !source) return rule.weigh(ofRole.updates, ofRole.memory);
  if (!source) throw new Error('a rule that compares has no updates to compare');
  const gram = await compareUpdates(request.round, units, source, ports.log, slice);
  return gram && weighCompared(chosen, source.buckets, ofRole, gram);
}

function* weighed(
  { ofRole, ports, request }: FoldInput,
  weighings: readonly Weighing[],
): Iterable<WeighedUpdate> {
  let number = ofRole.first;
  for (const update of ports.log.updates(request.round))
    yield { update, weighing: weighingAt(weighings, number++) };
}

function weighingAt(weighings: readonly Weighing[], number: number): Weighing {
  const weighing = weighings[number];
  if (!weighing) throw new Error(`the rule did not weigh update ${number}`);
  return weighing;
}
