import { checkTask } from '../../plan/check-task.ts';
import type { CheckVerdict, Suspects } from '../../protocol/check.ts';
import type { Task } from '../../protocol/lease.ts';
import type { Manifest } from '../../protocol/model-outline.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { rootParts } from '../../protocol/root-set.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { see } from '../lease/crowd.ts';
import { candidateManifest, publishVersion } from '../round/publish-version.ts';
import { type CheckingRound, rolesOf } from '../round/round-state.ts';
import type { RunInput, RunState } from '../run-state.ts';
import { joinSteps, type Step, stay } from '../step.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import type { Checker } from './check-state.ts';
import { knownLosses, measuredAlike, withMeasured } from './measured-versions.ts';
import { refuseUpdates, takeNothing, updatesIn } from './refuse-updates.ts';
import { isAbove, lossLimits, type RootLosses, worstExit } from './root-loss.ts';

/** A referee that finds nothing to check asks again after this. An event tells it sooner. */
const ASK_AGAIN_MS = 10_000;

/** [CHECK8] If the candidate of this turn hurts, nothing of the round is taken. */
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
    : noteHarmful(config, state, round, verdict.leases);
}

interface Checking {
  readonly round: CheckingRound;
  readonly by: Checker;
}

/** [CHECK6] Publishes the candidate, or asks for what makes it worse. */
function noteLosses(
  config: RunConfig,
  before: RunState,
  { round, by }: Checking,
  verdict: Extract<CheckVerdict, { type: 'losses' }>,
  now: number,
): Result<VerdictStep> {
  const known = verdict.before ?? knownLosses(config, before);
  const exits = checkTask(config.spec, config.model, round.number).exits.length;
  if (known?.length !== exits || verdict.after.length !== exits)
    return refused('malformed', `expected losses at ${exits} exits, of both versions`);
  const { version } = before.manifest;
  const state = withMeasured(before, { version, losses: known });
  const others = measuredAlike(config, state, round.number).map(({ losses }) => losses);
  const limits = lossLimits(known, others);
  if (isAbove(verdict.after, limits))
    return accepted(
      noteHurt(config, state, { round, by }, { before: known, after: verdict.after, limits }, now),
    );
  const measured = withMeasured(state, { version: round.number, losses: verdict.after });
  const told = { by: by.volunteer, before: known[0] ?? 0, after: verdict.after[0] ?? 0 };
  const published = publishVersion(config, measured, round, { check: told }, now);
  return accepted({ ...published, verdict: { type: 'over' } });
}

interface Hurt {
  readonly before: RootLosses;
  readonly after: RootLosses;
  readonly limits: RootLosses;
}

/** [CHECK7] [CHECK8] */
function noteHurt(
  config: RunConfig,
  state: RunState,
  { round, by }: Checking,
  { before, after, limits }: Hurt,
  now: number,
): VerdictStep {
  const worst = worstExit(after, limits);
  const turn = turnOf(round);
  const told: Step = {
    state,
    events: [
      {
        ...{ type: 'candidate-refused', version: round.number, turn, by: by.volunteer },
        ...{ before: before[worst] ?? 0, after: after[worst] ?? 0 },
      },
    ],
  };
  if (turn >= LAST_TURN)
    return { ...joinSteps(told, stay(takeNothing(state, round, before))), verdict: { type: 'over' } };
  const until = now + config.spec.policy.leaseMs;
  const check = { ...round.check, by: { ...by, until }, hurt: { before, limits } };
  const next = { ...state, round: { ...round, check } };
  // A referee that came back measures once more. The ledger knows already.
  const events = round.check.hurt ? [] : told.events;
  return { state: next, events, verdict: { type: 'tell-apart', until, suspects: suspectsOf(round, limits) } };
}

const suspectsOf = (round: CheckingRound, limits: RootLosses): Omit<Suspects, 'deadlineMs'> => ({
  limits: [...limits],
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
  round: CheckingRound,
  leases: readonly string[],
): Result<VerdictStep> {
  const { hurt } = round.check;
  if (!hurt) return refused('malformed', 'the losses of this candidate are not known');
  const named = new Set(leases);
  const harmful = updatesIn(round).filter(({ lease }) => named.has(lease));
  const verdict = { type: 'over' } as const;
  return accepted(
    harmful.length === 0
      ? { ...stay(takeNothing(state, round, hurt.before)), verdict }
      : { ...refuseUpdates(config, state, round, harmful), verdict },
  );
}
