import type { ControlAction } from '../protocol/messages.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import type { ToldStanding } from '../protocol/standing.ts';
import { type CheckReply, noteVerdict, requestCheck, type VerdictReply } from './check/check.ts';
import { publishDue } from './check/publish-due.ts';
import { finishByHost, finishNow, settleClosing } from './closing/closing.ts';
import { noteFruitless, withoutDivergence } from './divergence/divergence.ts';
import { keepDeadlines, startEvaluation } from './evaluation/evaluation.ts';
import { judge } from './evaluation/judge.ts';
import { see, seeIfKnown } from './lease/crowd.ts';
import { endLease, endLeases } from './lease/end-leases.ts';
import { freeGone, freeOverdue } from './lease/free-places.ts';
import { grantLease, type LeaseReply } from './lease/grant-lease.ts';
import { startNext } from './lease/lease-timing.ts';
import { measuredAgain } from './lease/measured-again.ts';
import { newReliability } from './lease/reliability.ts';
import { noteOutcome } from './lease/return-rate.ts';
import { noteUnfit } from './lease/unfit-roles.ts';
import { recordReport } from './record-report.ts';
import { noteFoldAttempt, withoutFoldFailures } from './round/fold-failures.ts';
import { closeDueRound, noteBusy, noteFold, noteIdle, openLateRound } from './round/round.ts';
import type { RunInput, RunState } from './run-state.ts';
import { afterSetBack } from './set-back.ts';
import { joinSteps, type Step, stay, stepWhile } from './step.ts';
import { noteReturned, takeBackByHost } from './take-back/take-back.ts';
import { expirePlaces, makePlace } from './volunteer/places.ts';
import { removeVolunteer } from './volunteer/remove-volunteer.ts';
import { renameVolunteer } from './volunteer/rename-volunteer.ts';
import { toldStanding } from './volunteer/standing.ts';
import type { VolunteerState } from './volunteer/volunteer-state.ts';

/**
 * The round machine: one input at a moment `now` (ms) makes a new state and the ledger's entries. It knows no clock, no
 * storage and no network, so the coordinator, the simulator and a replay run the same one. Its rules are numbered in
 * README.md beside this file.
 */
export interface MachineStep extends Step {
  /** Only for `request-lease`. */
  readonly reply?: LeaseReply;
  /** Only for `request-check`. */
  readonly check?: CheckReply;
  /** Only for `checked`. */
  readonly verdict?: VerdictReply;
  /** [STAND9] What whoever asked is told of its standing. Left out if there is nothing to tell. */
  readonly standing?: ToldStanding;
}

export function stepRun(
  config: RunConfig,
  before: RunState,
  input: RunInput,
  now: number,
): Result<MachineStep> {
  // What is overdue comes first. The alarm may be late, and a round whose time is up must grant no lease.
  const swept = sweep(afterSetBack(config, before, now), now);
  const due = settle(config, swept.state, now);
  const result = handle(config, due.state, input, now);
  if (!result.ok) return result;
  // An update says how long others may take. Somebody may be overdue already.
  const freed = freeOverdue(result.value.state, now);
  const settled = settle(config, freed.state, now);
  return accepted({
    ...result.value,
    state: settled.state,
    events: [swept, due, result.value, freed, settled].flatMap(({ events }) => events),
  });
}

function handle(config: RunConfig, state: RunState, input: RunInput, now: number): Result<MachineStep> {
  switch (input.type) {
    case 'control':
      return control(config, state, input.action, now);
    case 'join':
      return join(config, state, input, now);
    case 'remove':
      return removeVolunteer(state, input.volunteer);
    case 'rename':
      return renameVolunteer(state, input.volunteer, input.name);
    case 'request-lease':
      return requestLease(config, state, input, now);
    case 'release':
      return release(config, state, input, now);
    case 'report':
      return accepted(recordReport(config, state, input, now));
    case 'folded':
      return accepted(noteFold(state, input.role, input.round, input.result));
    case 'fold-tried':
      return accepted(noteFoldAttempt(state, input, now));
    case 'request-check':
      return requestCheck(config, state, input, now);
    case 'checked':
      return noteVerdict(config, state, input, now);
    case 'take-back':
      return takeBackByHost(state, input.to);
    case 'returned':
      return accepted(noteReturned(config, state, input.round, input.manifest, now));
    case 'presence':
      return accepted(notePresence(config, state, input, now));
    case 'alarm':
      return accepted(stay(state));
  }
}

/** [LEASE3] [LEASE18] A lease past its deadline ends. The place of one that is overdue is free again. */
function sweep(before: RunState, now: number): Step {
  const ended = stepWhile(before, state => {
    const due = state.leases.firstDue();
    if (!due || due.deadlineAt > now) return null;
    return endLease(due.isFreed ? state : noteOutcome(state, due, false), due, 'the deadline passed');
  });
  return joinSteps(ended, freeOverdue(ended.state, now));
}

const allowed: Readonly<Record<ControlAction, readonly RunState['phase'][]>> = {
  open: ['draft'],
  pause: ['open'],
  resume: ['paused'],
  finish: ['draft', 'open', 'paused'],
  'finish-now': ['draft', 'open', 'paused'],
};

function control(config: RunConfig, state: RunState, action: ControlAction, now: number): Result<Step> {
  if (!allowed[action].includes(state.phase))
    return refused('run-not-open', `cannot ${verbOf(action)} a run that is ${state.phase}`);
  if (action === 'finish') return accepted(finishByHost(config, state, now));
  if (action === 'finish-now') return accepted(finishNow(state));
  if (state.closing) return refused('run-not-open', `cannot ${action} a run that comes to its end`);
  if (action === 'pause')
    return accepted({ state: { ...state, phase: 'paused' }, events: [{ type: 'run-paused', why: 'host' }] });
  return accepted({ state: opened(config, state, now), events: [{ type: 'run-opened' }] });
}

const verbOf = (action: ControlAction): string => (action === 'finish-now' ? 'finish' : action);

/** What was counted against the run while it was open before is forgotten, and nobody's time has passed. */
function opened(config: RunConfig, { returns: _, ...state }: RunState, now: number): RunState {
  const { evaluation } = state;
  const open = { ...state, phase: 'open' as const, evaluation: evaluation && { ...evaluation, since: now } };
  return startEvaluation(config, withoutDivergence(withoutFoldFailures(open)), now);
}

function join(
  config: RunConfig,
  state: RunState,
  input: Extract<RunInput, { type: 'join' }>,
  now: number,
): Result<Step> {
  if (state.phase === 'finished') return refused('run-not-open', 'the run has finished');
  // The reply to the first of these joins was lost.
  const known = state.volunteers.get(input.volunteer);
  if (known) return known.isRemoved ? refused('removed') : accepted(stay(state));
  const expired = expirePlaces(config, state, now);
  const place = input.referee ? accepted(stay(expired.state)) : makePlace(config, expired.state, now);
  return place.ok
    ? accepted(joinSteps(joinSteps(expired, place.value), takePlace(config, place.value.state, input, now)))
    : place;
}

/** [RUN3] The next index is the number of those who ever joined, so none is given twice. */
function takePlace(
  config: RunConfig,
  state: RunState,
  { volunteer: id, name, device, referee, key }: Extract<RunInput, { type: 'join' }>,
  now: number,
): Step {
  const volunteer: VolunteerState = {
    id,
    identity: { index: state.joined, name, device, referee, ...(key !== undefined && { key }) },
    joinedAt: now,
    presence: { seenAt: now },
    reliability: newReliability,
    holds: null,
  };
  const joined = { ...state, joined: state.joined + 1, volunteers: state.volunteers.put(volunteer) };
  return {
    state: see(config, joined, volunteer, now),
    events: [{ type: 'volunteer-joined', volunteer: id, name, backend: device.backend, referee }],
  };
}

/**
 * [LEASE2] To ask again ends the leases in hand, except the one that goes on beside. A reloaded page loses what it
 * held and nothing else. Nobody holds more than two.
 */
function requestLease(
  config: RunConfig,
  before: RunState,
  input: Extract<RunInput, { type: 'request-lease' }>,
  now: number,
): Result<MachineStep> {
  const state = measuredAgain(before, input.volunteer, input.macsPerSecond);
  const volunteer = state.volunteers.get(input.volunteer);
  if (!volunteer) return refused('unauthorised', 'this volunteer has not joined the run');
  if (volunteer.isRemoved) return refused('removed');
  const held = state.leases.heldBy(volunteer.id);
  const seen = see(config, state, volunteer, now);
  const beside = held.find(lease => lease.id === input.beside) ?? null;
  const dropped = held.filter(lease => lease !== beside);
  const ended = endLeases(seen, dropped, 'asked for another');
  const open = keepDeadlines(ended.state, dropped);
  const ask = { volunteer, id: input.lease, now, beside, isAhead: beside !== null };
  const grant = grantLease(config, open, ask);
  const noted =
    grant.reply.type === 'wait' ? noteWait(config, grant.state, now) : stay(noteBusy(grant.state));
  return accepted({
    state: noted.state,
    events: [...ended.events, ...grant.events, ...noted.events],
    reply: grant.reply,
    ...toldStanding(state, volunteer),
  });
}

/** Somebody got nothing. */
function noteWait(config: RunConfig, state: RunState, now: number): Step {
  const unfit = noteUnfit(config, state, now);
  return joinSteps(unfit, noteIdle(config, unfit.state, now));
}

/** Those who have left take no part in what is counted on active volunteers, until they are heard of again. */
function notePresence(
  config: RunConfig,
  before: RunState,
  { here, gone }: Extract<RunInput, { type: 'presence' }>,
  now: number,
): Step {
  let state = before;
  for (const id of here) state = seeIfKnown(config, state, id, now);
  const presence = gone.reduce((rest, id) => rest.leave(id, now), state.presence);
  return freeGone({ ...state, presence }, gone);
}

function release(
  config: RunConfig,
  state: RunState,
  input: Extract<RunInput, { type: 'release' }>,
  now: number,
): Result<Step> {
  const lease = state.leases.get(input.lease);
  if (lease?.volunteer !== input.volunteer) return refused('unknown-lease');
  const ended = endLease(state, lease, input.reason);
  const next = { ...ended, state: startNext(config, ended.state, lease.volunteer, now) };
  if (!input.diverged) return accepted(next);
  return accepted(joinSteps(next, noteFruitless(config, next.state, lease, { why: 'diverged' }, now)));
}

/** What is due, whatever the input was: a round closes, a version comes out, an evaluation is judged. */
function settle(config: RunConfig, state: RunState, now: number): Step {
  if (state.phase === 'finished' || state.phase === 'draft') return stay(state);
  return dueSteps.reduce<Step>((step, due) => joinSteps(step, due(config, step.state, now)), stay(state));
}

/** In their order. If a version comes out, the next round may have all that it wants already ([ROUND6]). */
const dueSteps = [
  openLateRound,
  closeDueRound,
  publishDue,
  openLateRound,
  closeDueRound,
  judge,
  settleClosing,
] as const;
