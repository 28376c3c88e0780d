import type { Weighing } from '../aggregation/aggregation-rule.ts';
import { type FoldUnit, foldUnits } from '../aggregation/fold-units.ts';
import type { WantedProducts } from '../aggregation/gram.ts';
import { groupUnits } from '../aggregation/group-units.ts';
import { emptySums, type PartialSum, type PartialSums } from '../aggregation/partial-sums.ts';
import type { RoundRule } from '../aggregation/round-rule.ts';
import { spreadSums } from '../aggregation/spread-sums.ts';
import type { RoleRound } from '../protocol/cohort-report.ts';
import type { Task } from '../protocol/lease.ts';
import { compareUpdates } from './compare-updates.ts';
import { type Trimming, trimmedSum } from './coordinate-sums.ts';
import type { FoldInput } from './fold-input.ts';
import type { FoldSlice, Reading } from './fold-slice.ts';
import { guardOf, observedOf, withTrimmedStatistics } from './guard-statistics.ts';
import { KeptEnvelopes } from './kept-envelopes.ts';
import { type RowSource, readingOf } from './read-rows.ts';
import { sumGroup, type WeighedUpdate } from './sum-group.ts';
import { bucketWeights, weighCompared } from './weigh-round.ts';

/** How the sums of a fold are made, a group of shards at a time. */
export interface GroupedSums {
  readonly groups: readonly (readonly FoldUnit[])[];
  /** How many values are added for one that is summed, or take as long as that. */
  readonly updates: number;
  /** What it takes to read these from the envelopes. */
  readonly reading: (units: readonly FoldUnit[]) => Reading;
  /** Memory holds so many groups, if that is fewer than usual. */
  readonly atOnce?: number;
  sum(units: readonly FoldUnit[]): Promise<PartialSums>;
  /** Makes a sum one over a whole shard, which those of other slices merge with. */
  readonly whole: (sum: PartialSum) => PartialSum;
}

const nothing = (): Reading => ({ reads: 0, values: 0 });

/** The sums of a cohort that has no updates. */
export const noSums = ({ config, groupBytes }: FoldInput, trains: readonly string[]): GroupedSums => ({
  groups: groupUnits(foldUnits(config.model, trains), groupBytes),
  updates: 0,
  reading: nothing,
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
  const { round } = input.request;
  const envelopes = new KeptEnvelopes(config, { trains, slices }, ports.envelopes);
  const guard = chosen.rule.kind === 'one-pass' && guardOf(input, { slices }, units, envelopes);
  if (sums) {
    const own = { groups, whole, updates: 0, reading: nothing, sum: async (of: Units) => sums.of(of) };
    return guard ? guarded(own, guard, units) : own;
  }
  const updates = ports.log.countUpdates(round);
  const { rule, buckets } = chosen;
  const source = buckets && { buckets, envelopes, updates: () => ports.log.updates(round) };
  const trimming = source ? trimmingOf(chosen, source, ofRole) : guard;
  // The head of each says where its tensors lie.
  slice.spend({ reads: updates, values: 0 });
  if (trimming && rule.kind === 'by-coordinate') {
    const sum = (own: Units) => trimmedSums(own, trimming);
    const reading = (own: Units) => together(own.map(unit => readingOf(unit, trimming.source)));
    return { groups, whole, updates: updates * SORTING, atOnce: 1, reading, sum };
  }
  const weighings = await weigh(input, units, chosen, source, slice);
  if (!weighings) return null;
  const sum = (own: Units) => sumGroup(own, weighed(input, weighings), envelopes);
  // What is decoded is added too: that is in the reading.
  const reading = (own: Units) => ({ reads: updates, values: updates * envelopes.decodes(own) });
  const plain = { groups, whole, updates: 0, reading, sum };
  return trimming ? guarded(plain, trimming, units) : plain;
}

type Units = readonly FoldUnit[];

/** Of so many, memory holds those of all updates in several groups at once. */
const FEW_STATISTICS = 2_000;

/** The same sums, whose statistics are trimmed. Their rows are held beside the sums. */
const guarded = (sums: GroupedSums, trimming: Trimming, units: Units): GroupedSums => ({
  ...sums,
  ...(units.some(({ statistics }) => statistics > FEW_STATISTICS) && { atOnce: 1 }),
  reading: own =>
    together([sums.reading(own), ...own.map(unit => readingOf(observedOf(unit), trimming.source))]),
  sum: async own => withTrimmedStatistics(await sums.sum(own), trimming),
});

const together = (readings: readonly Reading[]): Reading => ({
  reads: readings.reduce((sum, { reads }) => sum + reads, 0),
  values: readings.reduce((sum, { values }) => sum + values, 0),
});

/**
 * [PUB5] Statistics are in no norm and no distance, so a rule that compares updates says nothing of them. A hostile one of
 * next to no weight could make a variance a million. So the largest and the smallest are left out, or the referee's own
 * are taken.
 */
function trimmingOf({ rule, hostile }: RoundRule, source: RowSource, { updates }: RoleRound): Trimming {
  const weights = bucketWeights(source.buckets, updates);
  const { root } = source.buckets;
  if (root !== null) return { source, weights: weights.map((_, i) => (i === root ? 1 : 0)), trim: 0 };
  const most = Math.floor((weights.length - 1) / 2);
  const trim = rule.kind === 'by-coordinate' ? rule.trim(weights.length, hostile) : Math.min(hostile, most);
  return { source, weights, trim };
}

/** To sort a value among others takes as long as to add so many. */
const SORTING = 3;

async function trimmedSums(units: readonly FoldUnit[], trimming: Trimming): Promise<PartialSums> {
  const sums: PartialSum[] = [];
  for (const unit of units) sums.push(await trimmedSum(unit, trimming));
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
  const gram = await compareUpdates(request.round, units, source, wantedOf(chosen), ports.log, slice);
  return gram && weighCompared(chosen, source.buckets, ofRole, gram);
}

/** Which products the rule goes by. If it clips the means of buckets, it wants their norms alone. */
const wantedOf = ({ rule, buckets }: RoundRule): WantedProducts => {
  if (rule.kind !== 'compared') return 'none';
  const root = rule.needsRoot ? (buckets?.root ?? null) : null;
  return root === null ? 'all' : { with: root };
};

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
