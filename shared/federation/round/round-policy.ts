import type { RunConfig } from '../../protocol/run-config.ts';
import type { RunSpec } from '../../protocol/run-spec.ts';
import { firstRoundAlike, type LeasedRole } from './round-alike.ts';
import { type Able, roundGoals } from './round-goals.ts';
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

/**
 * When a round opens and closes, and which round an update counts in. The round machine, the cohorts and the volunteers
 * ask the same policy. So a cohort decides alone, and a volunteer knows whether its lease is still worth training. It is
 * pure: it knows the run's settings, and no more than it is given.
 */
export interface RoundPolicy {
  /** [ROUND1] Goals and deadline of a round that opens now. */
  opens(spec: RunSpec, able: Able, now: number): Pick<OpenRound, 'goals' | 'deadlineAt'>;
  /**
   * [ROUND2] [ROUND3] [ROUND4] Whether the round closes now or is extended; null if it goes on as it is.
   * @param idleMs if somebody asks for work and gets none: for how long nobody has been at work. Else 0
   */
  closes(
    spec: RunSpec,
    round: OpenRound | ExtendedRound,
    now: number,
    idleMs: number,
  ): 'close' | 'extend' | null;
  /**
   * [ROUND6] The round in which an update to this lease counts.
   * @param first the first round that is not closed
   * @returns null if none is left: the update is stale
   */
  countsIn(config: RunConfig, lease: LeasedRole, first: number): number | null;
  /**
   * [ROUND7] What an accepted update weighs, in examples.
   * @param staleness how many rounds after its lease's own it counts
   */
  weight(examples: number, staleness: number): number;
  /** [LEASE3] When the leases of a round end at the latest. */
  leasesEndAt(round: OpenRound): number;
  /** [ACC1] Whether an update comes too late for its lease's deadline. */
  isLate(deadlineAt: number, now: number): boolean;
}

/** What both policies have in common. */
const eitherWay: Pick<RoundPolicy, 'opens' | 'closes'> = {
  opens: (spec, able, now) => ({ goals: roundGoals(spec, able), deadlineAt: now + spec.policy.roundMs }),
  closes: (spec, round, now, idleMs) => {
    if (hasAllUpdates(round)) return 'close';
    const isDue = round.status === 'extended' || now >= round.deadlineAt;
    const isIdle = idleMs >= IDLE_MS;
    if (isDue && hasEnoughUpdates(spec, round)) return 'close';
    if (isIdle && hasUpdates(round)) return 'close';
    return round.status === 'open' && (isDue || (isIdle && isShut(round))) ? 'extend' : null;
  },
};

/**
 * A round takes updates of its own leases, until it closes (the rounds of federated averaging: McMahan et al. 2017,
 * arXiv:1602.05629). What comes later is lost.
 */
export const synchronousRounds: RoundPolicy = {
  ...eitherWay,
  countsIn: (_config, { round }, first) => (round >= first ? round : null),
  weight: examples => examples,
  leasesEndAt: ({ deadlineAt }) => deadlineAt,
  isLate: (deadlineAt, now) => now > deadlineAt,
};

/**
 * A round is a buffer: an update that comes too late for its own round counts in the next one, and weighs less the later
 * it is (FedBuff: Nguyen et al. 2022, arXiv:2106.06639). K of the paper is the round's goal, and s its τ. The paper
 * divides the weighted sum by K; here it is divided by the sum of the weights, as every round is.
 */
export const bufferedRounds: RoundPolicy = {
  ...eitherWay,
  countsIn: (config, lease, first) =>
    lease.root ? synchronousRounds.countsIn(config, lease, first) : firstRoundAlike(config, lease, first),
  weight: (examples, staleness) => examples / Math.sqrt(1 + staleness),
  leasesEndAt: () => Number.POSITIVE_INFINITY,
  isLate: () => false,
};

/** The policy of a run. */
export const roundPolicyOf = ({ policy }: RunSpec): RoundPolicy =>
  policy.rounds === 'buffered' ? bufferedRounds : synchronousRounds;

/** [ROUND6] An update counts at most so many rounds after its lease's own. */
export const lateRounds = ({ policy }: RunSpec): number =>
  policy.rounds === 'buffered' ? policy.maxStaleness : 0;

/** Whether some role wants nothing: nobody was given it when the round opened. Those who came since may be. */
const isShut = (round: OpenRound): boolean => rolesOf(round).some(role => goalOf(round, role) === 0);

const hasAllUpdates = (round: OpenRound | ExtendedRound): boolean =>
  rolesOf(round).every(role => servedCount(round, role) >= goalOf(round, role));

/** [ROUND3] Whether some role has updates, and none of these roles fewer than it needs. */
const hasEnoughUpdates = ({ policy }: RunSpec, round: OpenRound | ExtendedRound): boolean =>
  hasUpdates(round) &&
  rolesOf(round).every(role => {
    const count = servedCount(round, role);
    return count === 0 || count >= Math.min(policy.minUpdates, goalOf(round, role));
  });
