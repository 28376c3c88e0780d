import type { HeadStyle } from '../protocol/head-style.ts';
import { type Exit, type JointAnswer, segmentsOf, type Task } from '../protocol/lease.ts';
import { bodyIds, type ModelOutline } from '../protocol/model-outline.ts';
import type { PlanSpec } from '../protocol/plan-spec.ts';
import type { Result } from '../protocol/refusals.ts';
import { progressAt, type RunSpec } from '../protocol/run-spec.ts';
import { planOf } from './plans.ts';
import { trainedExit } from './task/exits.ts';
import { plainTask } from './task/plain-task.ts';
import { type Moment, scheduleOf } from './task/schedule.ts';

/** What a model for this plan is built with, beside its cuts. */
export function networkFor(spec: PlanSpec): { heads: HeadStyle; keepsHeads: JointAnswer | false } {
  const { heads, keepsHeads = false } = planOf(spec);
  return { heads, keepsHeads };
}

/** Refuses, with the reason, a model that the plan cannot serve. */
export const checkPlan = (spec: PlanSpec, outline: ModelOutline): Result<true> => planOf(spec).check(outline);

/** The training tasks of a round (1-based) of this run, the lightest first. */
export const planTasks = (spec: RunSpec, outline: ModelOutline, round: number): readonly Task[] =>
  planOf(spec.plan).tasks(outline, momentOf(spec, round, spec.seed));

/**
 * The same but for what is drawn: shares of channels are as large, and lie side by side. For those who ask of all rounds of a
 * run what tasks train and cost: drawing a round takes about 2 ms for VGG16, planning it 0.01 ms.
 */
export const undrawnTasks = (spec: RunSpec, outline: ModelOutline, round: number): readonly Task[] =>
  planOf(spec.plan).tasks(outline, momentOf(spec, round, null));

const momentOf = (spec: RunSpec, round: number, seed: number | null): Moment => ({
  round,
  from: progressAt(spec, round),
  to: progressAt(spec, round + 1),
  rate: spec.training.learningRate,
  seed,
});

/** The stage of a round, if the plan tells its stages (`LearningPlan.stageAt`). */
export const stageOf = (spec: RunSpec, round: number): number | undefined =>
  planOf(spec.plan).stageAt?.(progressAt(spec, round));

/**
 * The tasks of every round of a run, in order, for those who ask what is trained and what it costs. Nothing is drawn, and a
 * plan that tells its stages is asked once a stage: weights and rates are then those of the stage's first round.
 */
export function* tasksByRound(
  spec: RunSpec,
  outline: ModelOutline,
): Generator<readonly [round: number, tasks: readonly Task[]]> {
  let stage: number | undefined;
  let tasks: readonly Task[] = [];
  for (let round = 1; round <= spec.rounds; round++) {
    const next = stageOf(spec, round);
    if (next === undefined || next !== stage) tasks = undrawnTasks(spec, outline, round);
    stage = next;
    yield [round, tasks];
  }
}

/** Whether each device is given the heaviest task that fits it, and no other. */
export const fitsDevices = (spec: PlanSpec): boolean => planOf(spec).fitsDevices ?? false;

/** The exit by which the version that this round made is judged; version 0 is round 0's. */
const judgingExit = (spec: RunSpec, outline: ModelOutline, round: number): Exit =>
  planOf(spec.plan).exit(outline, progressAt(spec, Math.max(1, round)));

/** The segments that lead to the judging exit: the body's, then what leads to logits. */
export const judgedSegments = (spec: RunSpec, outline: ModelOutline, round: number): readonly string[] =>
  segmentsOf(evaluationTask(spec, outline, round));

/** The network that is judged at this round, forward only, on held-out pictures. */
export function evaluationTask(spec: RunSpec, outline: ModelOutline, round: number): Task {
  const exit = judgingExit(spec, outline, round);
  const body = bodyIds(outline);
  return plainTask({
    role: 'evaluator',
    path: body.slice(0, body.indexOf(exit.after) + 1),
    exits: [trainedExit(exit)],
    trains: [],
    schedule: scheduleOf({ from: 0, to: 0, rate: 0 }),
  });
}
