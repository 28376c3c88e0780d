import type { AnyRule, Weighing } from '../aggregation/aggregation-rule.ts';
import { type FoldUnit, foldUnits } from '../aggregation/fold-units.ts';
import { groupUnits } from '../aggregation/group-units.ts';
import { averagesOf } from '../aggregation/moving-average.ts';
import { emptySums, type PartialSum, type PartialSums } from '../aggregation/partial-sums.ts';
import { spreadSums } from '../aggregation/spread-sums.ts';
import { atOnce } from '../math/at-once.ts';
import type { FoldedRole, FoldRequest, RoleRound } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Task } from '../protocol/lease.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { FoldSlice } from './fold-slice.ts';
import { foldedRole } from './folded-role.ts';
import { KeptEnvelopes } from './kept-envelopes.ts';
import { moveAverages } from './move-averages.ts';
import type { CohortPorts } from './ports.ts';
import type { RunningSums } from './running-sums.ts';
import { settleSum } from './settle-sum.ts';
import { sumGroup, type WeighedUpdate } from './sum-group.ts';
import { taskOf } from './trained-segments.ts';

export interface FoldInput {
  readonly config: RunConfig;
  readonly role: Role;
  readonly rule: AnyRule;
  readonly ports: CohortPorts;
  readonly request: FoldRequest;
  /** The updates of all cohorts of the role, and what the rule remembers of the rounds before. */
  readonly ofRole: RoleRound;
  /** The running sums, if every update of the round went into them. */
  readonly sums: RunningSums | null;
  /** What the sums of a group of shards may take, in bytes. */
  readonly groupBytes: number;
  /** Memory holds so many groups. */
  readonly groupsAtOnce: number;
  /** After so many values the fold stops if something is left. It goes on when it is asked again. */
  readonly maxValues: number;
}

/**
 * A closed round's updates become new shards: they are summed, the sums that other cohorts handed to this one are added,
 * and what they move is published, or handed on. What an earlier call made of a shard is taken as it is.
 * @returns null if shards are left. What was made of the others is in the log then
 */
export async function foldRound(input: FoldInput): Promise<FoldedRole | null> {
  const { config, role, request, ports, ofRole } = input;
  const { log } = ports;
  const updates = ofRole.updates.length;
  const task = taskOf(config, request.round, role);
  const trains = (task?.trains ?? []).filter(id => updates > 0 || request.handed[id] !== undefined);
  if (!task || trains.length === 0) return { updates, segments: {} };
  const slice = new FoldSlice(input.maxValues, log.settled(request.round));
  const averages = updates > 0 ? averagesOf(config.model, published(trains, request)) : [];
  const hasOwn = log.countUpdates(request.round) > 0;
  let isDone = false;
  try {
    isDone =
      (await settleAll(hasOwn ? ownSums(input, task) : noSums(input, trains), input, slice)) &&
      (await moveAverages({ ...input, task }, averages, slice));
  } finally {
    // Also if it failed: the next attempt has less to do.
    if (!isDone && slice.fresh.length > 0) log.keepSettled(request.round, slice.fresh);
  }
  return isDone
    ? foldedRole(updates, [...trains, ...averages.map(({ id }) => id)], request, slice.settled)
    : null;
}

const published = (trains: readonly string[], { handsOn }: FoldRequest): string[] =>
  trains.filter(id => !handsOn.includes(id));

/** How the sums of a fold are made, a group of shards at a time. */
interface GroupedSums {
  readonly groups: readonly (readonly FoldUnit[])[];
  /** How many values are added for one that is summed. */
  readonly updates: number;
  sum(units: readonly FoldUnit[]): Promise<PartialSums>;
  /** Makes a sum one over a whole shard, which those of other slices merge with. */
  readonly whole: (sum: PartialSum) => PartialSum;
}

/**
 * The sums of this cohort's updates. The running sums are taken if they are whole. Otherwise each group reads its values
 * of every kept envelope once.
 */
function ownSums(input: FoldInput, { trains, slices }: Task): GroupedSums {
  const { config, ports, sums, groupBytes } = input;
  const whole = slices ? spreadSums(config.model, { trains, slices }) : (sum: PartialSum): PartialSum => sum;
  const groups = groupUnits(foldUnits(config.model, trains, slices), groupBytes);
  if (sums) return { groups, whole, updates: 0, sum: async units => sums.of(units) };
  const envelopes = new KeptEnvelopes(config, { trains, slices }, ports.envelopes);
  const updates = ports.log.countUpdates(input.request.round);
  return { groups, whole, updates, sum: units => sumGroup(units, weighed(input), envelopes) };
}

/** The sums of a cohort that has no updates. */
const noSums = ({ config, groupBytes }: FoldInput, trains: readonly string[]): GroupedSums => ({
  groups: groupUnits(foldUnits(config.model, trains), groupBytes),
  updates: 0,
  sum: async units => emptySums(units),
  whole: sum => sum,
});

function* weighed({ rule, ofRole, ports, request }: FoldInput): Iterable<WeighedUpdate> {
  const weighings = rule.weigh(ofRole.updates, ofRole.memory);
  let number = ofRole.first;
  for (const update of ports.log.updates(request.round))
    yield { update, weighing: weighingAt(weighings, number++) };
}

function weighingAt(weighings: readonly Weighing[], number: number): Weighing {
  const weighing = weighings[number];
  if (!weighing) throw new Error(`the rule did not weigh update ${number}`);
  return weighing;
}

/** To read a sum and to add it takes as long as to add so many updates. */
const A_SUM = 4;

/** Sums and settles what is left, as far as the slice has room. While one group is read, another is published. */
async function settleAll(
  { groups, updates, sum, whole }: GroupedSums,
  { request, ports, groupsAtOnce, ofRole }: FoldInput,
  slice: FoldSlice,
): Promise<boolean> {
  const left = groups
    .map(group => group.filter(unit => slice.lacks(unit)))
    .filter(({ length }) => length > 0);
  let begun = 0;
  await atOnce(groupsAtOnce, left, async units => {
    if (!slice.hasRoom) return;
    begun += 1;
    slice.spend(units, updates + ofRole.sums.length * A_SUM);
    for (const own of await sum(units)) slice.add(await settleSum(whole(own), request, ports));
  });
  return begun === left.length;
}
