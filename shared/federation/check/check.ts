import { checkTask } from '../../plan/check-task.ts';
import type { CheckVerdict, Suspects } from '../../protocol/check.ts';
import type { Task } from '../../protocol/lease.ts';
import type { Manifest } from '../../protocol/model-outline.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { rootParts } from '../../protocol/root-set.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { see } from '../lease/crowd.ts';
import { candidateManifest } from '../round/publish-version.ts';
import { type CheckingRound, rolesOf } from '../round/round-state.ts';
import type { RunInput, RunState } from '../run-state.ts';
import { joinSteps, type Step, stay } from '../step.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import type { Checker, HurtFound } from './check-state.ts';
import { knownLosses, measuredAlike, withMeasured } from './measured-versions.ts';
import { oversizedUpdates, ruinedLimits } from './oversized.ts';
import { type RoleUpdate, refuseUpdates, updatesIn } from './refuse-updates.ts';
import { isAbove, lossLimits } from './root-loss.ts';
import { publishChecked, refusedCandidate, settleHurt } from './settle-hurt.ts';

/** A referee that finds nothing to check asks again after this. An event tells it sooner. */
const ASK_AGAIN_MS = 10_000;

/** [CHECK8] Updates of this turn's candidate are not told apart any more. */
const LAST_TURN = 3;

/** What a referee is given to measure. */
export interface GrantedCheck {
  readonly type: 'check';
  readonly id: string;
  readonly round: number;
  readonly turn: number;
  readonly task: Task;
  readonly parts: readonly number[];
  readonly until: number;
  readonly before: Manifest;
  readonly candidate: Manifest;
  readonly measuresBefore: boolean;
}

export type CheckReply =
  | GrantedCheck
  | { readonly type: 'wait'; readonly retryAfterMs: number }
  | { readonly type: 'finished' };

/** [CHECK7] What becomes of a verdict. */
export type VerdictReply =
  | { readonly type: 'over' }
  | { readonly type: 'tell-apart'; readonly until: number; readonly suspects: Omit<Suspects, 'deadlineMs'> };

interface CheckStep extends Step {
  readonly check: CheckReply;
}

interface VerdictStep extends Step {
  readonly verdict: VerdictReply;
}

/** [CHECK4] A referee asks whether there is something to check. To ask again is to begin anew, in what is left of the time. */
export function requestCheck(
  config: RunConfig,
  before: RunState,
  { volunteer: id, check }: Extract<RunInput, { type: 'request-check' }>,
  now: number,
): Result<CheckStep> {
  const referee = refereeOf(before, id);
  if (!referee.ok) return referee;
  const volunteer = referee.value;
  const known = volunteer.checks
    ? before
    : { ...before, volunteers: before.volunteers.put({ ...volunteer, checks: true }) };
  const state = see(config, known, volunteer, now);
  const { round } = state;
  const told = (reply: CheckReply, next = state) => accepted({ ...stay(next), check: reply });
  if (state.phase === 'finished') return told({ type: 'finished' });
  const isTaken = round.status === 'checking' && round.check.by !== null && round.check.by.volunteer !== id;
  if (round.status !== 'checking' || isTaken) return told({ type: 'wait', retryAfterMs: ASK_AGAIN_MS });
  const until = round.check.by?.until ?? now + config.spec.policy.leaseMs;
  const taken = { ...round, check: { ...round.check, by: { id: check, volunteer: id, until } } };
  return told(grantedCheck(config, state, taken, until, check), { ...state, round: taken });
}

function refereeOf({ volunteers }: RunState, id: string): Result<VolunteerState> {
  const volunteer = volunteers.get(id);
  if (!volunteer) return refused('unauthorised', 'this volunteer has not joined the run');
  if (volunteer.isRemoved) return refused('removed');
  return volunteer.identity.referee
    ? accepted(volunteer)
    : refused('forbidden', 'only referees check versions');
}

const grantedCheck = (
  config: RunConfig,
  state: RunState,
  round: CheckingRound,
  until: number,
  id: string,
): GrantedCheck => ({
  ...{ type: 'check', id, until, round: round.number, turn: turnOf(round) },
  task: checkTask(config.spec, config.model, round.number),
  parts: rootParts(config.spec),
  before: state.manifest,
  candidate: candidateManifest(state.manifest, round),
  measuresBefore: knownLosses(config, state) === undefined,
});

const turnOf = ({ refused: left }: CheckingRound): number => left?.turn ?? 1;

/** What the referee that is at the check has found. */
export function noteVerdict(
  config: RunConfig,
  state: RunState,
  { volunteer, check, verdict }: Extract<RunInput, { type: 'checked' }>,
  now: number,
): Result<VerdictStep> {
  const referee = refereeOf(state, volunteer);
  if (!referee.ok) return referee;
  const { round } = state;
  const by = round.status === 'checking' ? round.check.by : null;
  if (round.status !== 'checking' || by?.id !== check || by.volunteer !== volunteer)
    return refused('unknown-lease', 'this check is over');
  return verdict.type === 'losses'
    ? noteLosses(config, state, { round, by }, verdict, now)
    : noteHarmful(config, state, { round, by }, verdict.leases, now);
}

interface Checking {
  readonly round: CheckingRound;
  readonly by: Checker;
}

/** [CHECK6] [CHECK13] Publishes the candidate, refuses what is oversized, or asks for what makes it worse. */
function noteLosses(
  config: RunConfig,
  before: RunState,
  { round, by }: Checking,
  verdict: Extract<CheckVerdict, { type: 'losses' }>,
  now: number,
): Result<VerdictStep> {
  const { after } = verdict;
  const known = verdict.before ?? knownLosses(config, before);
  const exits = checkTask(config.spec, config.model, round.number).exits.length;
  if (known?.length !== exits || after.length !== exits)
    return refused('malformed', `expected losses at ${exits} exits, of both versions`);
  const state = withMeasured(before, { version: before.manifest.version, losses: known });
  const others = measuredAlike(config, state, round.number).map(({ losses }) => losses);
  const hurt: HurtFound = { before: known, after, ...lossLimits(known, others) };
  const over = (step: Step) => accepted<VerdictStep>({ ...step, verdict: { type: 'over' } });
  if (!isAbove(after, hurt.limits)) {
    const limits = ruinedLimits(config.spec.dataset, known);
    const harmful = isAbove(after, limits) ? oversizedUpdates(round) : [];
    if (harmful.length > 0 && turnOf(round) < LAST_TURN)
      return over(refuseNamed(config, state, { round, by }, { ...hurt, limits, harmful }, now));
    return over(publishChecked(config, state, round, { by: by.volunteer, before: known, after }, now));
  }
  if (turnOf(round) >= LAST_TURN) return over(settleHurt(config, state, round, by.volunteer, hurt, now));
  const until = now + config.spec.policy.leaseMs;
  const check = { ...round.check, by: { ...by, until }, hurt };
  const asked: VerdictReply = { type: 'tell-apart', until, suspects: suspectsOf(round, hurt) };
  return accepted({ ...stay({ ...state, round: { ...round, check } }), verdict: asked });
}

const suspectsOf = (round: CheckingRound, { limits, badly }: HurtFound): Omit<Suspects, 'deadlineMs'> => ({
  limits: [...limits],
  badly: [...badly],
  roles: rolesOf(round).flatMap(role => {
    const counted = round.folded[role]?.counted ?? [];
    if (counted.length === 0) return [];
    return [{ role, updates: counted.map(({ lease, weight, scale }) => ({ lease, weight, scale })) }];
  }),
});

/** [CHECK7] What is named and not in the candidate changes nothing. */
function noteHarmful(
  config: RunConfig,
  state: RunState,
  { round, by }: Checking,
  leases: readonly string[],
  now: number,
): Result<VerdictStep> {
  const { hurt } = round.check;
  if (!hurt) return refused('malformed', 'the losses of this candidate are not known');
  const named = new Set(leases);
  const harmful = updatesIn(round).filter(({ lease }) => named.has(lease));
  const step =
    harmful.length === 0
      ? settleHurt(config, state, round, by.volunteer, hurt, now)
      : refuseNamed(config, state, { round, by }, { ...hurt, harmful }, now);
  return accepted({ ...step, verdict: { type: 'over' } });
}

/** [CHECK7] The candidate is not published, and the round folds again without these. */
function refuseNamed(
  config: RunConfig,
  state: RunState,
  { round, by }: Checking,
  { harmful, ...hurt }: HurtFound & { readonly harmful: readonly RoleUpdate[] },
  now: number,
): Step {
  const told: Step = { state, events: [refusedCandidate(round, by.volunteer, hurt)] };
  return joinSteps(told, refuseUpdates(config, state, round, harmful, now));
}
