import { roundPolicyOf } from '../federation/round/round-policy.ts';
import { MOST_UPDATES_A_ROUND } from '../federation/round/round-state.ts';
import type { CohortEntry } from '../protocol/cohort-report.ts';
import type { LeaseClaims } from '../protocol/lease.ts';
import { accepted, type Refusal, type Result, refused } from '../protocol/refusals.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import type { CheckedFacts } from './check-update.ts';
import { MAX_UPDATES } from './most-compared.ts';
import type { CohortLog } from './ports.ts';

/** [ACC9] So many refusals of one lease are reported. More are refused all the same, but fill no ledger. */
const REFUSALS_A_LEASE = 5;

/**
 * Rules ACC1, ACC2 and KEY2: whether a lease still takes an update, by what the cohort remembers and nothing else.
 * @returns the round that the update counts in. An evaluator's counts for its version
 */
export function checkOpen(
  config: RunConfig,
  claims: LeaseClaims,
  log: CohortLog,
  now: number,
  maxUpdates = MAX_UPDATES,
): Result<number> {
  const { lease, role, round, volunteer, deadlineAt } = claims;
  if (log.isFinished()) return refused('run-not-open', 'the run is finished');
  if (log.isBarred(volunteer)) return refused('removed');
  if (log.isUpdated(lease)) return refused('duplicate');
  if (role !== 'evaluator' && round <= log.takenBackRound()) return refused('taken-back');
  if (role === 'evaluator') return now > deadlineAt ? refused('late') : accepted(round);
  const { countsIn, isLate } = roundPolicyOf(config.spec);
  const first = countsIn(config, claims, log.closedRound() + 1);
  if (first === null) return refused('stale', whyStale(config));
  if (isLate(deadlineAt, now)) return refused('late');
  if (hasReturned(log, claims)) return refused('duplicate', 'one update a volunteer, role and round');
  return findRoom(config, claims, first, log, maxUpdates);
}

/** [ACC2] A root update and any other do not stand in each other's way. */
const hasReturned = (log: CohortLog, { round, volunteer, root }: LeaseClaims): boolean =>
  root ? log.hasRoot(round, volunteer) : log.hasServed(round, volunteer);

/** [ACC2] The first round that takes the update and has room for it: this one, or a later one. */
function findRoom(
  config: RunConfig,
  claims: LeaseClaims,
  first: number,
  log: CohortLog,
  maxUpdates: number,
): Result<number> {
  const { countsIn } = roundPolicyOf(config.spec);
  const isFull = (round: number): boolean =>
    log.countUpdates(round) >= maxUpdates ||
    (!claims.root && log.countOf(round, claims.volunteer) >= MOST_UPDATES_A_ROUND);
  let round: number | null = first;
  while (round !== null && isFull(round)) round = countsIn(config, claims, round + 1);
  return round === null ? refused('busy', 'the rounds that it could count in are full') : accepted(round);
}

/** Of synchronous rounds the reason says it all. */
const whyStale = ({ spec: { policy } }: RunConfig): string | undefined =>
  policy.rounds === 'buffered'
    ? `no round is left that it could count in, up to ${policy.maxStaleness} after its own`
    : undefined;

/** What the coordinator is told of an accepted update. */
export const acceptedEntry = (
  { lease, volunteer, round, root }: LeaseClaims,
  countsIn: number,
  { sha256, norm, metrics }: CheckedFacts,
  bytes: number,
): Extract<CohortEntry, { ok: true }> => ({
  lease,
  volunteer,
  round,
  ...(countsIn === round ? {} : { countsIn }),
  ...(root && { root }),
  bytes,
  ok: true,
  sha256,
  norm,
  metrics,
});

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
