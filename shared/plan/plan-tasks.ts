import type { HeadStyle } from '../protocol/head-style.ts';
import { type Exit, segmentsOf, type Task } from '../protocol/lease.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';
import type { PlanName, PlanSpec } from '../protocol/plan-spec.ts';
import type { Result } from '../protocol/refusals.ts';
import { progressAt, type RunSpec } from '../protocol/run-spec.ts';
import { type LearningPlan, type Moment, scheduleOf } from './learning-plan.ts';
import { augLocal } from './plans/aug-local.ts';
import { conventional } from './plans/conventional.ts';
import { deepSupervision } from './plans/deep-supervision.ts';
import { growing } from './plans/growing.ts';
import { growingTogether } from './plans/growing-together.ts';
import { jointSelfDistillation } from './plans/joint-self-distillation.ts';
import { layerToLayer } from './plans/layer-to-layer.ts';
import { layerToLayerLiteral } from './plans/layer-to-layer-literal.ts';
import { layerToLayerThrough } from './plans/layer-to-layer-through.ts';
import { momentumAuxiliary } from './plans/momentum-auxiliary.ts';
import { studentAlone } from './plans/student-alone.ts';
import { bodyIds, plainTask, trainedExit } from './task/task-parts.ts';

type Plans = { readonly [Name in PlanName]: LearningPlan<Extract<PlanSpec, { name: Name }>> };

const plans: Plans = {
  'layer-to-layer': layerToLayer,
  'layer-to-layer-literal': layerToLayerLiteral,
  'layer-to-layer-through': layerToLayerThrough,
  'joint-self-distillation': jointSelfDistillation,
  growing,
  'growing-together': growingTogether,
  conventional,
  'student-alone': studentAlone,
  'aug-local': augLocal,
  'deep-supervision': deepSupervision,
  'momentum-auxiliary': momentumAuxiliary,
};

/** The plan of a spec, which alone is ever given to it. */
const planOf = ({ name }: PlanSpec): LearningPlan => plans[name] as unknown as LearningPlan;

/** What a model for this plan is built with, beside its cuts. */
export const networkFor = (plan: PlanSpec): { heads: HeadStyle; keepsHeads: boolean } => ({
  heads: plans[plan.name].heads,
  keepsHeads: planOf(plan).keepsHeads?.(plan) ?? false,
});

/** Refuses, with the reason, a model that the plan cannot serve. */
export const checkPlan = (plan: PlanSpec, outline: ModelOutline): Result<true> =>
  planOf(plan).check(outline, plan);

/** The training tasks of a round (1-based) of this run, the lightest first. */
export const planTasks = (spec: RunSpec, outline: ModelOutline, round: number): readonly Task[] =>
  planOf(spec.plan).tasks(outline, spec.plan, momentOf(spec, round));

const momentOf = (spec: RunSpec, round: number): Moment => ({
  round,
  from: progressAt(spec, round),
  to: progressAt(spec, round + 1),
  rate: spec.training.learningRate,
});

/** The answer by which the version that this round made is judged; version 0 is round 0's. */
const judgingExit = (spec: RunSpec, outline: ModelOutline, round: number): Exit =>
  planOf(spec.plan).exit(outline, spec.plan, progressAt(spec, Math.max(1, round)));

/** The segments of that answer: the body's, then what leads to logits. */
export const judgedSegments = (spec: RunSpec, outline: ModelOutline, round: number): readonly string[] =>
  segmentsOf(evaluationTask(spec, outline, round));

/** The network that answers at this round, forward only, on held-out pictures. */
export function evaluationTask(spec: RunSpec, outline: ModelOutline, round: number): Task {
  const answer = judgingExit(spec, outline, round);
  const body = bodyIds(outline);
  return plainTask({
    role: 'evaluator',
    path: body.slice(0, body.indexOf(answer.after) + 1),
    exits: [trainedExit(answer)],
    trains: [],
    schedule: scheduleOf({ round, from: 0, to: 0, rate: 0 }),
  });
}
