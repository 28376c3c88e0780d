import type { RunConfig } from '../../protocol/run-config.ts';
import {
  type ActiveVolunteers,
  activeReferees,
  hasAtLeast,
  helpfulVolunteers,
  isFree,
  peersOf,
  trustedVolunteers,
} from '../lease/crowd.ts';
import type { LeaseAsk } from '../lease/lease-ask.ts';
import type { RunState } from '../run-state.ts';
import { setOf } from '../tables/set-of.ts';
import { hasHelped, isTrusted } from '../volunteer/standing.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import type { EvaluationState } from './evaluation-state.ts';
import { hasFailedOften } from './failed-judges.ts';
import { isIndependent } from './is-independent.ts';
import { isLagging } from './lagging.ts';
import { isStalled } from './stalled.ts';
import { type PartTally, tally } from './tally.ts';

/** [EVAL8] After so many leases and rounds without a judgement nobody waits for confirmation any more. */
const PATIENCE = 2;

/** [EVAL7] [EVAL13] Whether this volunteer's judgement can confirm the version. */
const isJudge = (evaluation: EvaluationState, volunteer: VolunteerState): boolean =>
  (volunteer.identity.referee || (isIndependent(evaluation, volunteer.id) && hasHelped(volunteer))) &&
  !hasFailedOften(evaluation.failed, volunteer.id);

/** Whether a referee is active who can still be counted on. */
export const hasReferee = (
  config: RunConfig,
  state: RunState,
  { failed }: Pick<EvaluationState, 'failed'>,
  now: number,
): boolean =>
  hasAtLeast(1, activeReferees(config, state, now), ({ id }) => !hasFailedOften(failed, id), failed.length);

/** [EVAL8] Whether confirmation can come for every part that lacks it, and is worth waiting for. */
export function canConfirm(config: RunConfig, state: RunState, now: number): boolean {
  const { evaluation } = state;
  const { evaluators, leaseMs, roundMs } = config.spec.policy;
  if (!evaluation || evaluators === 'referees') return false;
  const patienceMs = PATIENCE * (state.round.status === 'over' ? leaseMs : leaseMs + roundMs);
  if (now - evaluation.since > patienceMs) return false;
  if (hasReferee(config, state, evaluation, now)) return true;
  // Parts of one lease have the same judges, so few sets of them are different.
  const open = tally(config, evaluation).filter(({ missing }) => missing > 0);
  const kinds = new Map(open.map(part => [`${part.missing} ${part.by.join()}`, part]));
  return [...kinds.values()].every(part => hasJudges(config, state, evaluation, part, now));
}

/** Whether enough others are here who can confirm this part. Those who are at it are among them. */
function hasJudges(
  config: RunConfig,
  state: RunState,
  evaluation: EvaluationState,
  { missing, by }: PartTally,
  now: number,
): boolean {
  if (evaluation.trainedBy.length === 0) return false;
  return hasAtLeast(
    missing,
    helpfulVolunteers(config, state, now),
    volunteer => isJudge(evaluation, volunteer) && !by.includes(volunteer.id),
    evaluation.trainedBy.length + evaluation.failed.length + by.length,
  );
}

/** [EVAL8] How many more judgements a part wants, those in hand included. */
export const wantedOf = ({ missing, likely }: PartTally, isConfirming: boolean): number =>
  isConfirming ? missing : likely ? 0 : 1;

/**
 * [EVAL5] Whether this volunteer may evaluate. It may if it holds the version from the round that it trained, since
 * nothing is downloaded for it then. If the evaluation lags, anyone may, and so may who is spared for it. A run may
 * leave it to referees. If the version can be confirmed, only those may who can confirm it. [EVAL4] Nobody gets a
 * second lease of one version before every other one who may had one.
 */
export function mayEvaluate(
  config: RunConfig,
  state: RunState,
  { volunteer, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
): boolean {
  const { evaluation, spared } = state;
  if (!evaluation) return false;
  const { referee } = volunteer.identity;
  if (config.spec.policy.evaluators === 'referees') return referee;
  const isConfirming = canConfirm(config, state, now);
  if (isConfirming && !isJudge(evaluation, volunteer)) return false;
  if (isConfirming && isTrustedFirst(config, state, evaluation, { volunteer, now })) return false;
  const holdsIt = volunteer.holds === evaluation.manifest.version || spared?.includes(volunteer.id) === true;
  if (!isLagging(state) && !holdsIt) return false;
  const had = setOf(evaluation.by);
  if (referee || !had.has(volunteer.id) || isStalled(state, now)) return true;
  const isNew = (other: VolunteerState): boolean =>
    !had.has(other.id) && (!isConfirming || isJudge(evaluation, other));
  const peers = judgesBeside(config, state, { volunteer, now }, isConfirming);
  return !hasAtLeast(1, peers, isNew, mostOld(evaluation, isConfirming));
}

/** [EVAL4] Whom this volunteer leaves an evaluation to. If the version can be confirmed, these are among those who can. */
const judgesBeside = (
  config: RunConfig,
  state: RunState,
  { volunteer, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
  isConfirming: boolean,
): ActiveVolunteers =>
  isConfirming ? helpfulVolunteers(config, state, now) : peersOf(config, state, volunteer, now);

/**
 * [STAND8] Whether somebody trusted is free who can confirm the version, so that this volunteer waits. It waits no longer than
 * a lease lasts at least, for whoever is trusted may be here without asking for work.
 */
function isTrustedFirst(
  config: RunConfig,
  state: RunState,
  evaluation: EvaluationState,
  { volunteer, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
): boolean {
  if (isTrusted(state, volunteer) || now - evaluation.since >= config.spec.policy.shortestLeaseMs)
    return false;
  const had = setOf(evaluation.by);
  return hasAtLeast(
    1,
    trustedVolunteers(config, state, now),
    other => !had.has(other.id) && isFree(state, other) && isJudge(evaluation, other),
  );
}

/** No more than so many of `judgesBeside` are not new. */
const mostOld = ({ by, trainedBy, failed }: EvaluationState, isConfirming: boolean): number =>
  by.length + (isConfirming ? trainedBy.length + failed.length : 0);

/**
 * [LEASE12] Whether somebody else who is free could do a lagging evaluation as well as this volunteer, who is busy. One
 * could if it had no lease of it. If evaluation is left to referees, any referee could.
 */
export function isAnyoneFreeFor(
  config: RunConfig,
  state: RunState,
  { volunteer: self, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
): boolean {
  const { evaluation } = state;
  if (!evaluation) return false;
  const isFreeOther = (other: VolunteerState): boolean => other.id !== self.id && isFree(state, other);
  const mostBusy = 1 + state.leases.size;
  if (config.spec.policy.evaluators === 'referees')
    return hasAtLeast(1, activeReferees(config, state, now), isFreeOther, mostBusy);
  const isConfirming = canConfirm(config, state, now);
  const had = setOf(evaluation.by);
  const isNew = (other: VolunteerState): boolean =>
    isFreeOther(other) && !had.has(other.id) && (!isConfirming || isJudge(evaluation, other));
  const most = mostBusy + mostOld(evaluation, isConfirming);
  // A referee alone can confirm a version that nobody is known to have trained.
  return isConfirming && evaluation.trainedBy.length === 0
    ? hasAtLeast(1, activeReferees(config, state, now), isNew, most)
    : hasAtLeast(1, judgesBeside(config, state, { volunteer: self, now }, isConfirming), isNew, most);
}
