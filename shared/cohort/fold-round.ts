import type { AnyRule } from '../aggregation/aggregation-rule.ts';
import { foldUnits } from '../aggregation/fold-units.ts';
import { averagesOf } from '../aggregation/moving-average.ts';
import { isRootUpdate } from '../aggregation/root-update.ts';
import { type RoundRule, roundRule } from '../aggregation/round-rule.ts';
import { ruleOf } from '../aggregation/rules.ts';
import { atOnce } from '../math/at-once.ts';
import type { CountedUpdate, FoldedRole, FoldRequest, RoleRound } from '../protocol/cohort-report.ts';
import type { Task } from '../protocol/lease.ts';
import type { FoldInput } from './fold-input.ts';
import { FoldSlice } from './fold-slice.ts';
import { foldedRole } from './folded-role.ts';
import { type GroupedSums, noSums, ownSums } from './grouped-sums.ts';
import { boundsStatistics, lacksGuard } from './guard-statistics.ts';
import { moveAverages } from './move-averages.ts';
import { settleSum } from './settle-sum.ts';
import { taskOf } from './trained-segments.ts';

/**
 * A closed round's updates become new shards: they are summed, the sums that other cohorts handed to this one are added,
 * and what they move is published, or handed on. What an earlier call made of a shard is taken as it is.
 * @returns null if shards are left. What was made of the others is in the log then
 */
export async function foldRound(input: FoldInput): Promise<FoldedRole | null> {
  const { config, role, request, ports, ofRole } = input;
  const { log } = ports;
  const counted = ofRole.updates.filter(update => !isRootUpdate(update));
  const updates = counted.length;
  const task = taskOf(config, request.round, role);
  const trains = (task?.trains ?? []).filter(id => updates > 0 || request.handed[id] !== undefined);
  const chosen = roundRule(config.spec, ofRole.updates);
  const told = toldOf(input, chosen);
  if (!task || trains.length === 0) return { updates, segments: {}, ...told };
  const slice = new FoldSlice(input, log.settled(request.round));
  const averages = updates > 0 ? averagesOf(config.model, published(trains, request)) : [];
  const hasOwn = log.countUpdates(request.round) > 0;
  let isDone = false;
  try {
    const sums = hasOwn ? await ownSums(input, task, chosen, slice) : noSums(input, trains);
    isDone =
      sums !== null &&
      (await settleAll(sums, input, slice, boundsStatistics(input, task))) &&
      (await moveAverages({ ...input, task, updates: counted }, averages, slice));
  } finally {
    // Also if it failed: the next attempt has less to do.
    if (!isDone && slice.fresh.length > 0) log.keepSettled(request.round, slice.fresh);
  }
  if (!isDone) return null;
  const segments = [...trains, ...averages.map(({ id }) => id)];
  return {
    ...foldedRole(updates, segments, request, slice.settled),
    ...(updates > 0 && countedBy(input, task, chosen)),
    ...told,
  };
}

/** [CHECK7] What the request asks to be told. */
function toldOf(
  { request: { leftOut, tellsUpdates }, ofRole }: FoldInput,
  { rule }: RoundRule,
): Pick<FoldedRole, 'counted' | 'turn'> {
  return {
    ...(tellsUpdates && { counted: countedIn(ofRole, rule) }),
    ...(leftOut && { turn: leftOut.turn }),
  };
}

/** Without those of a referee, which count nowhere. */
function countedIn({ updates, memory }: RoleRound, rule: AnyRule): CountedUpdate[] {
  const weighings = rule.kind === 'one-pass' ? rule.weigh(updates, memory) : [];
  return updates.flatMap(({ lease, volunteer, weight, facts, told }, i) =>
    lease === undefined || volunteer === undefined || isRootUpdate({ facts })
      ? []
      : [{ lease, volunteer, ...(weighings[i] ?? { weight, scale: 1 }), ...(told && { norm: told.norm }) }],
  );
}

/** What the ledger tells of how the updates counted. */
function countedBy(
  input: FoldInput,
  { trains }: Task,
  { fallback }: RoundRule,
): Pick<FoldedRole, 'fallback' | 'scale' | 'statistics'> {
  const { config, ofRole } = input;
  const scale = ruleOf(config.spec).scale?.of(ofRole.memory) ?? null;
  const isPlain = lacksGuard(input) && foldUnits(config.model, trains).some(unit => unit.statistics > 0);
  return {
    ...(fallback && { fallback }),
    ...(scale !== null && { scale }),
    ...(isPlain && { statistics: 'mean' }),
  };
}

const published = (trains: readonly string[], { handsOn }: FoldRequest): string[] =>
  trains.filter(id => !handsOn.includes(id));

/** To read a sum and to add it takes as long as to add so many updates. */
const A_SUM = 4;

/** Sums and settles what is left, as far as the slice has room. While one group is read, another is published. */
async function settleAll(
  { groups, updates, atOnce: most, reading, sum, whole }: GroupedSums,
  { request, ports, groupsAtOnce, ofRole }: FoldInput,
  slice: FoldSlice,
  isBound: boolean,
): Promise<boolean> {
  const left = groups
    .map(group => group.filter(unit => slice.lacks(unit)))
    .filter(({ length }) => length > 0);
  let begun = 0;
  await atOnce(Math.min(groupsAtOnce, most ?? groupsAtOnce), left, async units => {
    const read = reading(units);
    if (!slice.hasRoom(read.reads)) return;
    begun += 1;
    slice.spend(read);
    slice.settle(units, updates + ofRole.sums.length * A_SUM);
    for (const own of await sum(units)) slice.add(await settleSum(whole(own), request, ports, isBound));
  });
  return begun === left.length;
}
