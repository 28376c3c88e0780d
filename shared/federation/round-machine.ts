import type { EventBody } from '../protocol/events.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { ControlAction } from '../protocol/messages.ts';
import type { Manifest } from '../protocol/model-outline.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import { noteDivergence, withoutDivergence } from './divergence/divergence.ts';
import { isComplete, isJudgedAsAtTheEnd, keepDeadlines, startEvaluation } from './evaluation/evaluation.ts';
import { endLease, endLeases } from './lease/end-leases.ts';
import { grantLease, type LeaseReply } from './lease/lease-policy.ts';
import { joinSteps, recordAnswers } from './record-report.ts';
import {
  type FoldedRole,
  type RunConfig,
  type RunInput,
  type RunState,
  rolesOf,
  type Step,
  servedCount,
} from './run-state.ts';
import { idleOthers } from './volunteer/active-volunteers.ts';

/**
 * The round machine: one input at a moment `now` (ms) makes a new state and the ledger's entries. It knows no clock, no
 * storage and no network, so the coordinator, the simulator and a replay run the same one. Its rules are numbered in
 * README.md beside this file.
 */
export interface MachineStep extends Step {
  /** Only for `request-lease`. */
  readonly reply?: LeaseReply;
}

/** Of one run, ever: what one coordinator and its view can hold. */
const MAX_VOLUNTEERS = 2_000;

/** Long enough for a volunteer to come back from an upload or an evaluation. */
const IDLE_MS = 3_000;

export function stepRun(
  config: RunConfig,
  before: RunState,
  input: RunInput,
  now: number,
): Result<MachineStep> {
  // What is overdue comes first, for an input may come before a late alarm: no lease of a round whose time is up.
  const swept = sweep(before, now);
  const due = settle(config, swept.state, now);
  const result = handle(config, due.state, input, now);
  if (!result.ok) return result;
  const settled = settle(config, result.value.state, now);
  return accepted({
    ...result.value,
    state: settled.state,
    events: [...swept.events, ...due.events, ...result.value.events, ...settled.events],
  });
}

function handle(config: RunConfig, state: RunState, input: RunInput, now: number): Result<MachineStep> {
  switch (input.type) {
    case 'control':
      return control(config, state, input.action);
    case 'join':
      return join(state, input, now);
    case 'request-lease':
      return requestLease(config, state, input, now);
    case 'release':
      return release(config, state, input, now);
    case 'report':
      return accepted(recordAnswers(config, state, input, now));
    case 'folded':
      return accepted(fold(state, input.role, input.round, input.result));
    case 'alarm':
      return accepted({ state, events: [] });
  }
}

/** [LEASE3] A lease past its deadline ends, and its slot is free again. */
function sweep(state: RunState, now: number): Step {
  const expired = Object.values(state.leases).filter(lease => lease.deadlineAt <= now);
  return endLeases(state, expired, 'the deadline passed');
}

const allowed: Readonly<Record<ControlAction, readonly RunState['phase'][]>> = {
  open: ['draft'],
  pause: ['open'],
  resume: ['paused'],
  finish: ['draft', 'open', 'paused'],
};

function control(config: RunConfig, state: RunState, action: ControlAction): Result<Step> {
  if (!allowed[action].includes(state.phase))
    return refused('run-not-open', `cannot ${action} a run that is ${state.phase}`);
  if (action === 'finish') return accepted(finish(state, 'host'));
  if (action === 'pause')
    return accepted({ state: { ...state, phase: 'paused' }, events: [{ type: 'run-paused', why: 'host' }] });
  return accepted({
    state: startEvaluation(config, withoutDivergence({ ...state, phase: 'open' })),
    events: [{ type: 'run-opened' }],
  });
}

/** [RUN5] Every lease ends in the ledger too, so that nobody is shown at work after the end. */
function finish(state: RunState, why: 'rounds' | 'target' | 'host'): Step {
  const ended = endLeases(state, Object.values(state.leases), 'the run finished');
  return {
    state: { ...ended.state, phase: 'finished', evaluation: null, deadlineAt: null },
    events: [...ended.events, { type: 'run-finished', why }],
  };
}

function join(state: RunState, input: Extract<RunInput, { type: 'join' }>, now: number): Result<Step> {
  if (state.phase === 'finished') return refused('run-not-open', 'the run has finished');
  if (Object.keys(state.volunteers).length >= MAX_VOLUNTEERS)
    return refused('busy', `${MAX_VOLUNTEERS} volunteers have joined`);
  const { volunteer: id, name, device, referee } = input;
  const volunteer = {
    id,
    name,
    device,
    referee,
    index: state.joined,
    seenAt: now,
    holds: null,
    unanswered: 0,
    grantedAt: 0,
    unpaired: null,
  };
  return accepted({
    state: { ...state, joined: state.joined + 1, volunteers: { ...state.volunteers, [id]: volunteer } },
    events: [{ type: 'volunteer-joined', volunteer: id, name, backend: device.backend, referee }],
  });
}

/**
 * [LEASE2] Asking again ends the leases in hand but the one it says goes on: a reloaded page loses what it held and
 * nothing else, and nobody holds more than two.
 */
function requestLease(
  config: RunConfig,
  state: RunState,
  input: Extract<RunInput, { type: 'request-lease' }>,
  now: number,
): Result<MachineStep> {
  const known = state.volunteers[input.volunteer];
  if (!known) return refused('unauthorised', 'this volunteer has not joined the run');
  const volunteer = { ...known, seenAt: now };
  const held = Object.values(state.leases).filter(lease => lease.volunteer === volunteer.id);
  const seen = { ...state, volunteers: { ...state.volunteers, [volunteer.id]: volunteer } };
  const beside = held.find(lease => lease.id === input.beside) ?? null;
  const dropped = held.filter(lease => lease !== beside);
  const ended = endLeases(seen, dropped, 'asked for another');
  const open = keepDeadlines(ended.state, dropped);
  const idle = beside && idleOthers(config, open, volunteer, now);
  const grant = grantLease(config, open, { volunteer, id: input.lease, now, beside, idle });
  const settled =
    grant.reply.type === 'wait' ? noteIdle(grant.state, now) : { ...grant.state, idleSince: null };
  return accepted({ state: settled, events: [...ended.events, ...grant.events], reply: grant.reply });
}

/**
 * [ROUND4] Nobody is at work for a while, and who asks can do no more: the round closes short of its goal rather than
 * wait. In a pause nobody is given work, which says nothing of what they could do.
 */
function noteIdle(state: RunState, now: number): RunState {
  const isTraining = state.phase === 'open' && state.stage === 'training';
  if (!isTraining || Object.keys(state.leases).length > 0) return { ...state, idleSince: null };
  const idleSince = state.idleSince ?? now;
  const isServed = rolesOf(state.goals).some(role => servedCount(state, role) > 0);
  return isServed && now - idleSince >= IDLE_MS ? closeRound(state) : { ...state, idleSince };
}

function release(
  config: RunConfig,
  state: RunState,
  input: Extract<RunInput, { type: 'release' }>,
  now: number,
): Result<Step> {
  const lease = state.leases[input.lease];
  if (lease?.volunteer !== input.volunteer) return refused('unknown-lease');
  const ended = endLease(state, lease, input.reason);
  return accepted(input.diverged ? joinSteps(ended, noteDivergence(config, ended.state, lease, now)) : ended);
}

function fold(state: RunState, role: Role, round: number, result: FoldedRole): Step {
  const isExpected = state.stage === 'publishing' && round === state.round && state.goals[role] !== undefined;
  if (!isExpected || state.folded[role]) return { state, events: [] };
  return { state: { ...state, folded: { ...state.folded, [role]: result } }, events: [] };
}

/** Whatever follows by itself from the state: a round closes, a version goes out, an evaluation ends. */
function settle(config: RunConfig, state: RunState, now: number): Step {
  if (state.phase === 'finished' || state.phase === 'draft') return { state, events: [] };
  const closed = closeDueRound(state, now);
  const out = publish(config, closed.state);
  const judged = judge(config, out.state);
  return { state: judged.state, events: [...closed.events, ...out.events, ...judged.events] };
}

/**
 * [ROUND2] All goals met: close. [ROUND3] Deadline: close with what is there, or go on where there is nothing: without
 * a deadline, and with the goals that say whose cohorts fold should an answer taken in time be told late. To open the
 * round anew instead would forget that answer, and its volunteer could never serve: the cohort takes no second one.
 */
function closeDueRound(state: RunState, now: number): Step {
  const roles = rolesOf(state.goals);
  if (state.stage !== 'training' || roles.length === 0) return { state, events: [] };
  const isDue = state.deadlineAt === null || now >= state.deadlineAt;
  const hasAll = roles.every(role => servedCount(state, role) >= (state.goals[role] ?? 0));
  const hasSome = roles.some(role => servedCount(state, role) > 0);
  if (hasAll || (isDue && hasSome)) return { state: closeRound(state), events: [] };
  if (!isDue || state.deadlineAt === null) return { state, events: [] };
  return { state: { ...state, deadlineAt: null }, events: [{ type: 'round-extended', round: state.round }] };
}

const closeRound = (state: RunState): RunState => ({
  ...state,
  stage: 'publishing',
  folded: {},
  deadlineAt: null,
  idleSince: null,
});

/** [PUB1] When every cohort has folded, the next version is out; a segment nobody returned keeps its weights. */
function publish(config: RunConfig, state: RunState): Step {
  const roles = rolesOf(state.goals);
  if (state.stage !== 'publishing' || !roles.every(role => state.folded[role])) return { state, events: [] };
  const version = state.manifest.version + 1;
  const changed = Object.assign({}, ...roles.map(role => state.folded[role]?.segments ?? {}));
  const manifest = nextManifest(state.manifest, version, changed);
  const isLast = state.round >= config.spec.rounds;
  const updates = Object.fromEntries(roles.map(role => [role, state.folded[role]?.updates ?? 0]));
  const ended = endTrainingLeases(state);
  const next: RunState = {
    ...ended.state,
    manifest,
    stage: isLast ? 'evaluating' : 'training',
    round: isLast ? state.round : state.round + 1,
    goals: {},
    served: {},
    folded: {},
    trainedBy: [...new Set(roles.flatMap(role => state.served[role] ?? []))],
  };
  const segments = Object.fromEntries(
    Object.keys(changed).map(id => [id, manifest.segments[id]?.shards.map(shard => shard.sha256) ?? []]),
  );
  return {
    state: startEvaluation(config, next),
    events: [...ended.events, { type: 'version-published', version, round: state.round, updates, segments }],
  };
}

/** Their round is closed: an answer would be stale. */
const endTrainingLeases = (state: RunState): Step =>
  endLeases(
    state,
    Object.values(state.leases).filter(lease => lease.role !== 'evaluator'),
    'the round closed',
  );

const nextManifest = (manifest: Manifest, version: number, changed: FoldedRole['segments']): Manifest => ({
  version,
  segments: {
    ...manifest.segments,
    ...Object.fromEntries(
      Object.entries(changed).map(([id, shards]) => [id, { version, shards: [...shards] }]),
    ),
  },
});

/** [EVAL2] All test parts answered: the version has its accuracy, and the run may be over. */
function judge(config: RunConfig, state: RunState): Step {
  const { evaluation } = state;
  if (!evaluation || !isComplete(evaluation)) return { state, events: [] };
  const { version } = evaluation.manifest;
  const accuracy = evaluation.correct / Math.max(1, evaluation.examples);
  const loss = evaluation.lossSum / Math.max(1, evaluation.examples);
  const event: EventBody = {
    type: 'version-evaluated',
    version,
    examples: evaluation.examples,
    accuracy,
    loss,
  };
  const next = startEvaluation(config, { ...state, evaluation: null, evaluatedVersion: version });
  const why = reasonToFinish(config, next, version, accuracy);
  return joinSteps({ state: next, events: [event] }, why ? finish(next, why) : { state: next, events: [] });
}

function reasonToFinish(
  config: RunConfig,
  state: RunState,
  version: number,
  accuracy: number,
): 'rounds' | 'target' | null {
  const { stopAtTarget, targetAccuracy } = config.spec;
  if (stopAtTarget && accuracy >= targetAccuracy && isJudgedAsAtTheEnd(config, version)) return 'target';
  return state.stage === 'evaluating' && state.evaluatedVersion === state.manifest.version ? 'rounds' : null;
}
