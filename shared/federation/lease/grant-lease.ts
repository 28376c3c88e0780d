import { evaluationTask, judgedSegments } from '../../plan/plan-tasks.ts';
import { cohortOfVolunteer, cohortsOf } from '../../protocol/cohorts.ts';
import type { EventBody } from '../../protocol/events.ts';
import { segmentsOf, type Task } from '../../protocol/lease.ts';
import type { Manifest } from '../../protocol/model-outline.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { atHalvedRate } from '../divergence/divergence.ts';
import { drawParts, keptDeadline, nextEvaluationParts, takeParts } from '../evaluation/evaluation.ts';
import { isAnyoneFreeFor, mayEvaluate } from '../evaluation/judges.ts';
import { comesFirst, isLagging } from '../evaluation/lagging.ts';
import { isSpared } from '../evaluation/spared-judges.ts';
import { noteLeased } from '../round/leased-cohorts.ts';
import { closeDueRound, openRound } from '../round/round.ts';
import { roundPolicyOf } from '../round/round-policy.ts';
import { isInTraining } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import type { Step } from '../step.ts';
import { shareOf } from '../volunteer/standing.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { chooseTask } from './choose-task.ts';
import { see } from './crowd.ts';
import { needOf, whyUseless } from './device-fit.ts';
import { isHeldBack } from './held-back.ts';
import type { LeaseAsk } from './lease-ask.ts';
import type { LeaseState } from './lease-state.ts';
import { timingOf } from './lease-timing.ts';
import { isTooSlow } from './measured-again.ts';
import { isResting, isThrottled, withGrant } from './reliability.ts';
import { chooseRootTask } from './root-lease.ts';
import { countExamples, type RoundTask, roundTasks } from './round-tasks.ts';
import { isOnTrial, mayJudgeOnTrial } from './trial.ts';
import { noteFitted } from './unfit-roles.ts';
import { type WaitHint, waitHint } from './wait-hint.ts';
import { restReason, waitReason } from './wait-reason.ts';

/**
 * [LEASE15] For a device that nothing left of the run fits. If there is something to evaluate before, an event wakes
 * it.
 */
const USELESS_WAIT_MS = 300_000;

export interface Grant {
  readonly type: 'lease';
  /** [ROUND9] That takes the update. */
  readonly cohort: number;
  readonly lease: LeaseState;
  readonly task: Task;
  readonly manifest: Manifest;
  /** Whether another lease would be granted beside it, as things are. */
  readonly more: boolean;
}
export type LeaseReply =
  | Grant
  | ({
      readonly type: 'wait';
      readonly reason: string;
      /** [LEASE20] The device is to measure itself again before it asks the next time. Left out if not. */
      readonly measure?: true;
    } & WaitHint)
  | { readonly type: 'finished' };

export interface GrantStep extends Step {
  readonly reply: LeaseReply;
}

/** A lease that was chosen. It is not known yet whether there would be another beside it. */
type Choice = Omit<Grant, 'type' | 'more'>;

/**
 * The lease policy (rules LEASE1 to LEASE15): what a volunteer is to do now, or how long it waits. Evaluation comes
 * last, unless it lags behind the newest version and nobody is at it.
 */
export function grantLease(config: RunConfig, state: RunState, ask: LeaseAsk): GrantStep {
  if (state.phase === 'finished') return { state, events: [], reply: { type: 'finished' } };
  if (state.phase !== 'open') return wait(config, state, `the run is ${state.phase}`, ask);
  if (isThrottled(ask)) return wait(config, state, 'this device returned no update for its last leases', ask);
  const onTrial = isOnTrial(config, state, ask);
  if (onTrial && isResting(ask)) return wait(config, state, restReason(ask), ask);
  const attempts = comesFirst(state)
    ? [grantRoot, grantEvaluation, grantTraining]
    : [grantTraining, grantEvaluation];
  for (const attempt of attempts) {
    const granted = attempt(config, state, ask);
    if (granted) return ask.isAhead ? withoutMore(granted) : withMore(config, granted, ask);
  }
  // After the last round there is only evaluation, which asks nothing of the device.
  const useless =
    state.round.status === 'over'
      ? null
      : whyUseless(config, state.round.number, ask.volunteer.identity.device);
  return useless === null
    ? wait(config, state, waitReason(config, state, ask), ask)
    : wait(config, state, useless, ask, USELESS_WAIT_MS);
}

/**
 * Tells with the lease what the volunteer would get if it asked ahead at once. So it need not ask in vain at every
 * lease.
 */
function withMore(config: RunConfig, { state, events, choice }: Chosen, ask: LeaseAsk): GrantStep {
  const volunteer = state.volunteers.get(ask.volunteer.id) ?? ask.volunteer;
  const ahead = { ...ask, volunteer, isAhead: true };
  const more = !isThrottled(ahead) && !isOnTrial(config, state, ahead) && hasMore(config, state, ahead);
  return { state, events, reply: { type: 'lease', ...choice, more } };
}

function hasMore(config: RunConfig, state: RunState, ask: LeaseAsk): boolean {
  const training = openTraining(config, state, ask);
  const chosen = training && chooseTraining(config, training, ask);
  return chosen !== null || chooseParts(config, state, ask).length > 0;
}

/** [LEASE2] Nobody holds three. */
const withoutMore = ({ state, events, choice }: Chosen): GrantStep => ({
  state,
  events,
  reply: { type: 'lease', ...choice, more: false },
});

function wait(
  config: RunConfig,
  state: RunState,
  reason: string,
  { volunteer, now }: Pick<LeaseAsk, 'volunteer' | 'now'>,
  leastMs = 0,
): GrantStep {
  const { retryAfterMs, wakeAfterMs } = waitHint(config, state, volunteer, now);
  const isSlow = state.phase === 'open' && isInTraining(state.round) && isTooSlow(config, state, volunteer);
  const reply = {
    ...({ type: 'wait', retryAfterMs: Math.max(leastMs, retryAfterMs), wakeAfterMs, reason } as const),
    ...(isSlow && { measure: true as const }),
  };
  return { state, events: [], reply };
}

interface Chosen extends Step {
  readonly choice: Choice;
}

function grantEvaluation(config: RunConfig, state: RunState, ask: LeaseAsk): Chosen | null {
  if (!state.evaluation) return null;
  const evaluation = drawParts(config, state, state.evaluation, ask.now);
  const parts = chooseParts(config, { ...state, evaluation }, ask);
  if (parts.length === 0) return null;
  const { manifest } = evaluation;
  const task = evaluationTask(config.spec, config.model, manifest.version);
  const examples = countExamples(config, 'test', parts);
  const lease: LeaseState = {
    id: ask.id,
    volunteer: ask.volunteer.id,
    role: 'evaluator',
    round: manifest.version,
    parts,
    examples,
    deadlineAt: Math.min(ask.now + config.spec.policy.leaseMs, keptDeadline(evaluation, parts, ask)),
    timing: timingOf(config, state, 'evaluator', needOf(config, task, examples).macs, ask),
    ...(isOnTrial(config, state, ask) && { isTrial: true as const }),
  };
  const taken = takeParts(evaluation, parts, ask.volunteer);
  return grant(config, { ...state, evaluation: taken }, ask, { lease, task, manifest }, []);
}

/** Test parts for this volunteer. Empty if it is not to evaluate now. */
function chooseParts(config: RunConfig, state: RunState, ask: LeaseAsk): readonly number[] {
  const { evaluation } = state;
  if (!evaluation) return [];
  // An evaluation asked for ahead would only delay this volunteer's training in the next round. One that lags comes
  // first anyway.
  if (ask.isAhead && !isLagging(state)) return [];
  if (ask.isAhead && isAnyoneFreeFor(config, state, ask)) return [];
  if (isOnTrial(config, state, ask) && !mayJudgeOnTrial(state, evaluation.manifest.version)) return [];
  return mayEvaluate(config, state, ask) ? nextEvaluationParts(config, state, evaluation, ask) : [];
}

interface Training extends Step {
  readonly tasks: readonly RoundTask[];
}

/** The round, opened, with its tasks. Null if no training is leased in it now. */
function openTraining(config: RunConfig, state: RunState, { volunteer, now }: LeaseAsk): Training | null {
  if (!isInTraining(state.round) || isSpared(config, state, volunteer, now)) return null;
  if (isHeldBack(config, state, volunteer, now)) return null;
  if (state.joined < config.spec.policy.minVolunteers) return null;
  const opened = openRound(config, state, now);
  if (isMetAtOnce(config, state, opened.state, now)) return null;
  return { ...opened, tasks: roundTasks(config, state, volunteer) };
}

/** [ROUND3] Whether an extended round has all that it would want if it opened again: a lease of it would be for nothing. */
const isMetAtOnce = (config: RunConfig, { round }: RunState, opened: RunState, now: number): boolean =>
  round.status === 'extended' && closeDueRound(config, opened, now).state.round.status === 'folding';

type ChosenTask = RoundTask & Pick<LeaseState, 'root' | 'isTrial'>;

function chooseRoot(config: RunConfig, { state }: Pick<Training, 'state'>, ask: LeaseAsk): ChosenTask | null {
  const chosen = chooseRootTask(config, state, ask);
  return chosen && { ...chosen, root: true };
}

/** [ROOT4] For a referee, the update with which others are compared comes before any other. */
function chooseTraining(config: RunConfig, { state, tasks }: Training, ask: LeaseAsk): ChosenTask | null {
  return chooseRoot(config, { state }, ask) ?? chooseTask(config, state, tasks, ask);
}

/** [ROOT4] The round waits for it, so not even an evaluation that lags comes first. */
const grantRoot = (config: RunConfig, before: RunState, ask: LeaseAsk): Chosen | null =>
  grantTraining(config, before, ask, chooseRoot);

function grantTraining(
  config: RunConfig,
  before: RunState,
  ask: LeaseAsk,
  choose: typeof chooseTraining = chooseTraining,
): Chosen | null {
  const training = openTraining(config, before, ask);
  const chosen = training && choose(config, training, ask);
  if (!chosen) return null;
  const { state, events } = training;
  const { task, parts, examples, need, root, isTrial } = chosen;
  const lease: LeaseState = {
    id: ask.id,
    volunteer: ask.volunteer.id,
    role: task.role,
    round: state.round.number,
    parts,
    examples,
    deadlineAt: Math.min(ask.now + config.spec.policy.leaseMs, deadlineOf(config, state)),
    timing: timingOf(config, state, task.role, need.macs, ask),
    ...(root && { root }),
    ...shareOf(state, ask.volunteer),
    ...(isTrial && { isTrial }),
  };
  const cursors = root
    ? state.cursors
    : { ...state.cursors, [task.role]: (state.cursors[task.role] ?? 0) + parts.length };
  const volunteer = holding(config, state, ask.volunteer, task);
  return grant(
    config,
    { ...state, cursors },
    { ...ask, volunteer },
    { lease, task: atHalvedRate(task, state, volunteer.id), manifest: state.manifest },
    events,
  );
}

/** [LEASE3] When a training lease ends at the latest, whenever it is granted. */
const deadlineOf = ({ spec }: RunConfig, { round }: RunState): number =>
  round.status === 'open' ? roundPolicyOf(spec).leasesEndAt(round) : Number.POSITIVE_INFINITY;

/**
 * [EVAL5] The volunteer after this task. It holds this version if the task gives it every segment that the version is
 * judged by.
 */
function holding(
  { spec, model }: RunConfig,
  { manifest: { version } }: RunState,
  volunteer: VolunteerState,
  task: Task,
): VolunteerState {
  const given = new Set(segmentsOf(task));
  const isWhole = judgedSegments(spec, model, version).every(id => given.has(id));
  return isWhole ? { ...volunteer, holds: version } : volunteer;
}

function grant(
  config: RunConfig,
  state: RunState,
  ask: LeaseAsk,
  choice: Omit<Choice, 'cohort'>,
  events: readonly EventBody[],
): Chosen {
  const { id, volunteer, role, round, parts, examples, root, share } = choice.lease;
  const cohort = cohortOfVolunteer(cohortsOf(config.spec), ask.volunteer.identity.index);
  const leasedCohorts = noteLeased(state.leasedCohorts, { role, round, cohort });
  const special = { ...(root && { root }), ...(share !== undefined && { share }) };
  const told = { lease: id, volunteer, role, round, parts: [...parts], examples, ...special };
  const event: EventBody = { type: 'lease-granted', ...told };
  const holder = withGrant(ask);
  const granted = {
    ...state,
    ...(leasedCohorts && { leasedCohorts }),
    ...noteFitted(state, role),
    leases: state.leases.put(choice.lease),
    volunteers: state.volunteers.put(holder),
  };
  return {
    state: see(config, granted, holder, ask.now),
    events: [...events, event],
    choice: { cohort, ...choice },
  };
}
