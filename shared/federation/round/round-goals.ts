import type { Role } from '../../protocol/identifiers.ts';
import type { RunSpec } from '../../protocol/run-spec.ts';
import type { Goals } from './round-state.ts';

/** The volunteers who are counted on: they are active, and some task fits their device. */
export interface Able {
  readonly count: number;
  /** Of the round's tasks, the lightest first. */
  readonly roles: readonly Role[];
  /** How many are given each role, if the plan fits its tasks to devices. */
  readonly byRole: Goals | null;
}

/** [ROUND1] How many updates a round that opens now wants of each role. */
export const roundGoals = (spec: RunSpec, able: Able): Goals =>
  able.byRole ? fittedGoals(spec, able.byRole) : sharedGoals(spec, able);

/**
 * The round wants as many updates as there are able volunteers, but no more than `updatesPerRound`. They are shared
 * evenly, and each role wants one at least. In buffered rounds the heaviest roles want what is left over.
 */
function sharedGoals({ policy }: RunSpec, { roles, count }: Able): Goals {
  const wanted = Math.min(policy.updatesPerRound, Math.max(1, count));
  const share = Math.max(1, Math.floor(wanted / roles.length));
  const left = policy.rounds === 'buffered' ? Math.max(0, wanted - share * roles.length) : 0;
  return Object.fromEntries(roles.map((role, i) => [role, i < roles.length - left ? share : share + 1]));
}

/**
 * As many updates in all, shared as the able volunteers are: each role wants its share, and one at least if anybody is
 * given it. What is left over by rounding down goes to the heaviest roles. A role that nobody is given wants none; it
 * stays in the round, since an update of it that was accepted before the round was extended may be reported late.
 */
function fittedGoals({ policy }: RunSpec, byRole: Goals): Goals {
  const counts = Object.entries(byRole).map(([role, count = 0]) => ({ role, count }));
  const able = counts.reduce((sum, { count }) => sum + count, 0);
  const wanted = Math.min(policy.updatesPerRound, able);
  const shares = counts.map(one => ({
    ...one,
    goal: one.count === 0 ? 0 : Math.max(1, Math.floor((wanted * one.count) / able)),
  }));
  let left = wanted - shares.reduce((sum, { goal }) => sum + goal, 0);
  for (const share of shares.toReversed())
    if (left > 0 && share.goal < share.count) {
      share.goal += 1;
      left -= 1;
    }
  return Object.fromEntries(shares.map(({ role, goal }) => [role, goal]));
}
