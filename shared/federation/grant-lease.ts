import { partCount, partExamples } from '../datasets/dataset.ts';
import { fitsDevice } from '../plan/fit-task.ts';
import { evaluationTask, planTasks } from '../plan/plan-tasks.ts';
import type { EventBody } from '../protocol/events.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Task } from '../protocol/lease.ts';
import type { Manifest } from '../protocol/model-outline.ts';
import { isLagging, nextEvaluationParts, takeParts } from './evaluation.ts';
import type { LeaseState, RunConfig, RunState, Step, VolunteerState } from './run-state.ts';
import { servedCount } from './run-state.ts';

/** A volunteer not heard of for so long does not count when a round's goals are set. */
const ACTIVE_MS = 60_000;

/** Everyone who waits asks again about this often together, however many they are. */
const MS_A_WAITING_VOLUNTEER = 10;

export interface Grant {
  readonly type: 'lease';
  readonly lease: LeaseState;
  readonly task: Task;
  readonly manifest: Manifest;
}
export type LeaseAnswer =
  | Grant
  | { readonly type: 'wait'; readonly retryAfterMs: number; readonly reason: string }
  | { readonly type: 'finished' };

export interface GrantStep extends Step {
  readonly answer: LeaseAnswer;
}

/**
 * The lease policy (rules LEASE1 to LEASE7): what a volunteer is to do now, or how long to wait. Evaluation comes last
 * unless it lags behind the newest version.
 */
export function grantLease(
  config: RunConfig,
  state: RunState,
  volunteer: VolunteerState,
  id: string,
  now: number,
): GrantStep {
  if (state.phase === 'finished') return { state, events: [], answer: { type: 'finished' } };
  if (state.phase !== 'open') return wait(state, `the run is ${state.phase}`);
  const evaluation = (): GrantStep | null => grantEvaluation(config, state, volunteer, id, now);
  const training = (): GrantStep | null => grantTraining(config, state, volunteer, id, now);
  const inOrder = isLagging(state) ? [evaluation, training] : [training, evaluation];
  for (const attempt of inOrder) {
    const granted = attempt();
    if (granted) return granted;
  }
  return wait(state, waitReason(config, state));
}

const wait = (state: RunState, reason: string): GrantStep => ({
  state,
  events: [],
  answer: {
    type: 'wait',
    retryAfterMs: Math.max(500, MS_A_WAITING_VOLUNTEER * Object.keys(state.volunteers).length),
    reason,
  },
});

function waitReason(config: RunConfig, state: RunState): string {
  const here = Object.keys(state.volunteers).length;
  const { minVolunteers } = config.spec.policy;
  if (here < minVolunteers) return `waiting for volunteers: ${here} of ${minVolunteers}`;
  return state.stage === 'training' ? 'others are finishing this round' : 'a version is being published';
}

function grantEvaluation(
  config: RunConfig,
  state: RunState,
  volunteer: VolunteerState,
  id: string,
  now: number,
): GrantStep | null {
  const { evaluation } = state;
  const mayEvaluate = config.spec.policy.evaluators === 'volunteers' || volunteer.referee;
  if (!evaluation || !mayEvaluate) return null;
  const parts = nextEvaluationParts(config, evaluation);
  if (parts.length === 0) return null;
  const { manifest } = evaluation;
  const draft = { id, volunteer: volunteer.id, role: 'evaluator' as const, round: manifest.version, parts };
  const lease = {
    ...draft,
    examples: countExamples(config, 'test', parts),
    deadlineAt: now + config.spec.policy.leaseMs,
  };
  const next = { ...state, evaluation: takeParts(evaluation, parts) };
  return granted(next, { type: 'lease', lease, task: evaluationTask(config.model), manifest }, []);
}

function grantTraining(
  config: RunConfig,
  before: RunState,
  volunteer: VolunteerState,
  id: string,
  now: number,
): GrantStep | null {
  if (before.stage !== 'training') return null;
  if (Object.keys(before.volunteers).length < config.spec.policy.minVolunteers) return null;
  const tasks = planTasks(config.spec, config.model, before.round);
  const { state, events } = openRound(config, before, tasks, now);
  const parts = (task: Task): readonly number[] => nextParts(config, state, task.role);
  const task = inTurn(tasks, volunteer.index + state.round).find(
    candidate =>
      hasRoom(config, state, candidate.role) &&
      !state.served[candidate.role]?.includes(volunteer.id) &&
      fitsDevice(config.model, candidate, volunteer.device, {
        batch: config.spec.training.batch,
        examples: countExamples(config, 'train', parts(candidate)),
        leaseMs: config.spec.policy.leaseMs,
      }),
  );
  return task ? grantTask(config, state, volunteer, id, now, task, parts(task), events) : null;
}

function grantTask(
  config: RunConfig,
  state: RunState,
  volunteer: VolunteerState,
  id: string,
  now: number,
  task: Task,
  parts: readonly number[],
  events: readonly EventBody[],
): GrantStep {
  const lease: LeaseState = {
    id,
    volunteer: volunteer.id,
    role: task.role,
    round: state.round,
    parts,
    examples: countExamples(config, 'train', parts),
    deadlineAt: Math.min(now + config.spec.policy.leaseMs, state.deadlineAt ?? Number.POSITIVE_INFINITY),
  };
  const cursors = { ...state.cursors, [task.role]: (state.cursors[task.role] ?? 0) + parts.length };
  return granted({ ...state, cursors }, { type: 'lease', lease, task, manifest: state.manifest }, events);
}

function granted(state: RunState, answer: Grant, events: readonly EventBody[]): GrantStep {
  const { deadlineAt: _, ...told } = answer.lease;
  const event: EventBody = { type: 'lease-granted', ...told, lease: told.id, parts: [...told.parts] };
  return {
    state: { ...state, leases: { ...state.leases, [answer.lease.id]: answer.lease } },
    events: [...events, event],
    answer,
  };
}

/** A round's goals and deadline are set by its first training lease, from who is there then. */
function openRound(config: RunConfig, state: RunState, tasks: readonly Task[], now: number): Step {
  if (state.deadlineAt !== null) return { state, events: [] };
  const active = Object.values(state.volunteers).filter(
    volunteer => now - volunteer.seenAt < ACTIVE_MS,
  ).length;
  const wanted = Math.min(config.spec.policy.updatesPerRound, Math.max(1, active));
  const share = Math.max(1, Math.floor(wanted / tasks.length));
  const goals = Object.fromEntries(tasks.map(task => [task.role, share]));
  const opened = { ...state, goals, served: {}, deadlineAt: now + config.spec.policy.roundMs };
  return { state: opened, events: [{ type: 'round-opened', round: state.round, goals }] };
}

/** Volunteer i is student (the first task) when i + r is even; others serve where theirs is full. */
const inTurn = (tasks: readonly Task[], turn: number): readonly Task[] => {
  const first = turn % tasks.length;
  return [...tasks.slice(first), ...tasks.slice(0, first)];
};

function hasRoom(config: RunConfig, state: RunState, role: Role): boolean {
  const goal = state.goals[role] ?? 0;
  const open = Object.values(state.leases).filter(
    lease => lease.role === role && lease.round === state.round,
  ).length;
  return servedCount(state, role) + open < Math.max(goal, Math.floor(goal * config.spec.policy.overIssue));
}

function nextParts(config: RunConfig, state: RunState, role: Role): readonly number[] {
  const total = partCount(config.spec.dataset, 'train');
  const count = Math.min(config.spec.training.partsPerLease, total);
  const start = state.cursors[role] ?? 0;
  return Array.from({ length: count }, (_, i) => (start + i) % total);
}

const countExamples = (config: RunConfig, split: 'train' | 'test', parts: readonly number[]): number =>
  parts.reduce((sum, part) => sum + partExamples(config.spec.dataset, split, part), 0);
