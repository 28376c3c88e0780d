import type { Role } from '../../protocol/identifiers.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import type { RunSpec } from '../../protocol/run-spec.ts';
import type { Goals } from './round-state.ts';
import {
  type ExtendedRound,
  goalOf,
  hasUpdates,
  type OpenRound,
  rolesOf,
  servedCount,
} from './round-state.ts';

/** [ROUND4] Long enough for a volunteer to come back from an upload or an evaluation. */
const IDLE_MS = 3_000;

/** What an update was trained for, and how far its cohort is. */
export interface Lateness {
  readonly round: number;
  /** The last round that the cohort closed. */
  readonly closedRound: number;
}

/** The volunteers who are counted on: they are active, and some task fits their device. */
export interface Able {
  readonly count: number;
  /** Of the round's tasks, the lightest first. */
  readonly roles: readonly Role[];
  /** How many are given each role, if the plan fits its tasks to devices. */
  readonly byRole: Goals | null;
}

/**
 * When a round opens and closes and which updates it takes. The round machine asks it for `opens` and `closes`, the
 * cohort for `accepts` and `weight`. It is pure, and it sees the round only.
 */
export interface RoundPolicy {
  /**
   * [ROUND1] Goals and deadline of a round that opens now.
   */
  opens(spec: RunSpec, able: Able, now: number): Pick<OpenRound, 'goals' | 'deadlineAt'>;
  /** [ACC1] Whether an update may still be accepted. Refused as `stale` if not. */
  accepts(lateness: Lateness): Result<true>;
  /** What an accepted update counts, in examples. */
  weight(examples: number, lateness: Lateness): number;
  /**
   * [ROUND2] [ROUND3] [ROUND4] Whether the round closes now or is extended; null if it goes on as it is.
   * @param idleMs if somebody asks for work and gets none: for how long nobody has been at work. Else 0
   */
  closes(round: OpenRound | ExtendedRound, now: number, idleMs: number): 'close' | 'extend' | null;
}

/**
 * A round closes at its goals, or at its deadline with what is there, and takes updates of its own only (the rounds of
 * federated averaging: McMahan et al. 2017, arXiv:1602.05629).
 */
export const synchronousRounds: RoundPolicy = {
  opens: (spec, able, now) => ({
    goals: able.byRole ? fittedGoals(spec, able.byRole) : sharedGoals(spec, able),
    deadlineAt: now + spec.policy.roundMs,
  }),
  accepts: ({ round, closedRound }) => (round <= closedRound ? refused('stale') : accepted(true)),
  weight: examples => examples,
  closes: (round, now, idleMs) => {
    const isDue = round.status === 'extended' || now >= round.deadlineAt;
    if (hasAllUpdates(round)) return 'close';
    const isIdle = idleMs >= IDLE_MS;
    if (hasUpdates(round)) return isDue || isIdle ? 'close' : null;
    return round.status === 'open' && (isDue || (isIdle && isShut(round))) ? 'extend' : null;
  },
};

/** The policy of a run. There is one so far. */
export const roundPolicyOf = (_spec: RunSpec): RoundPolicy => synchronousRounds;

/**
 * The round wants as many updates as there are able volunteers, but no more than `updatesPerRound`. They are shared
 * evenly, and each role wants one at least.
 */
function sharedGoals({ policy }: RunSpec, { roles, count }: Able): Goals {
  const wanted = Math.min(policy.updatesPerRound, Math.max(1, count));
  const share = Math.max(1, Math.floor(wanted / roles.length));
  return Object.fromEntries(roles.map(role => [role, share]));
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

/** Whether some role wants nothing: nobody was given it when the round opened. Those who came since may be. */
const isShut = (round: OpenRound): boolean => rolesOf(round).some(role => goalOf(round, role) === 0);

const hasAllUpdates = (round: OpenRound | ExtendedRound): boolean =>
  rolesOf(round).every(role => servedCount(round, role) >= goalOf(round, role));
