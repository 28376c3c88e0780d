import { type Lateness, roundPolicyOf } from '../federation/round/round-policy.ts';
import type { CohortEntry } from '../protocol/cohort-report.ts';
import type { LeaseClaims } from '../protocol/lease.ts';
import { accepted, type Refusal, type Result, refused } from '../protocol/refusals.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import type { CheckedUpdate } from './check-update.ts';
import type { CohortLog } from './ports.ts';

/**
 * [ACC2] The exact sums have room for so many updates of one round, whatever their values (`aggregation/exact-sum`).
 */
const MAX_UPDATES = 512;

/** [ACC9] So many refusals of one lease are reported. More are refused all the same, but fill no ledger. */
const REFUSALS_A_LEASE = 5;

/** What a cohort knows of a lease before it looks at the update. */
export interface LeaseStanding {
  readonly isFinished: boolean;
  readonly isUpdated: boolean;
  readonly closedRound: number;
  readonly hasServed: boolean;
  /** Updates of the lease's round. */
  readonly updates: number;
}

export const standingOf = (log: CohortLog, { lease, round, volunteer }: LeaseClaims): LeaseStanding => ({
  isFinished: log.isFinished(),
  isUpdated: log.isUpdated(lease),
  closedRound: log.closedRound(),
  hasServed: log.hasServed(round, volunteer),
  updates: log.countUpdates(round),
});

/**
 * Rules ACC1 and ACC2: whether a lease still takes an update. A late update is refused here: as `stale` if its round
 * is closed, as `late` if its deadline has passed.
 */
export function checkOpen(
  spec: RunSpec,
  claims: LeaseClaims,
  standing: LeaseStanding,
  now: number,
): Result<true> {
  if (standing.isFinished) return refused('run-not-open', 'the run is finished');
  if (standing.isUpdated) return refused('duplicate');
  const isTraining = claims.role !== 'evaluator';
  const inTime = isTraining ? roundPolicyOf(spec).accepts(latenessOf(claims, standing)) : accepted(true);
  if (!inTime.ok) return inTime;
  if (now > claims.deadlineAt) return refused('late');
  if (isTraining && standing.hasServed) return refused('duplicate', 'one update a volunteer, role and round');
  if (isTraining && standing.updates >= MAX_UPDATES) return refused('busy', 'this cohort is full');
  return accepted(true);
}

export const latenessOf = (
  { round }: Pick<LeaseClaims, 'round'>,
  { closedRound }: Pick<LeaseStanding, 'closedRound'>,
): Lateness => ({ round, closedRound });

/** What the coordinator is told of an accepted update. */
export const acceptedEntry = (
  { lease, volunteer, round }: LeaseClaims,
  { sha256, norm, metrics }: CheckedUpdate,
  bytes: number,
): CohortEntry => ({ lease, volunteer, round, bytes, ok: true, sha256, norm, metrics });

/** Writes down a refusal, but not one of a forgotten lease: a token lives longer than what is remembered. */
export function recordRefusal(log: CohortLog, claims: LeaseClaims, refusal: Refusal, bytes: number): void {
  const { lease, round } = claims;
  if (round <= log.forgottenRound()) return;
  log.together(() => {
    if (log.countRefusal(lease, round) <= REFUSALS_A_LEASE) log.post(refusedEntry(claims, refusal, bytes));
  });
}

const refusedEntry = (
  { lease, volunteer, round }: LeaseClaims,
  { reason, detail }: Refusal,
  bytes: number,
): CohortEntry => ({
  lease,
  volunteer,
  round,
  bytes,
  ok: false,
  reason,
  ...(detail === undefined ? {} : { detail }),
});
