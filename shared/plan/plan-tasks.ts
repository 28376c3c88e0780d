import type { Task } from '../protocol/lease.ts';
import { bodySegments, type ModelOutline } from '../protocol/model-outline.ts';
import type { Result } from '../protocol/refusals.ts';
import { type PlanSpec, progressAt, type RunSpec } from '../protocol/run-spec.ts';
import { conventional } from './conventional.ts';
import { layerToLayer } from './layer-to-layer.ts';

/** Refuses, with the reason, a model that the plan cannot serve. */
export function checkPlan(plan: PlanSpec, outline: ModelOutline): Result<true> {
  return plan.name === 'conventional' ? conventional.check(outline) : layerToLayer.check(outline);
}

/** The training tasks of a round (1-based) of this run, the lightest first. */
export function planTasks(spec: RunSpec, outline: ModelOutline, round: number): readonly Task[] {
  const progress = progressAt(spec, round);
  const { plan } = spec;
  const rate = spec.training.learningRate;
  return plan.name === 'conventional'
    ? conventional.tasks(outline, plan, progress, rate)
    : layerToLayer.tasks(outline, plan, progress, rate);
}

/** The whole network, forward only, on held-out pictures. */
export const evaluationTask = (outline: ModelOutline): Task => ({
  role: 'evaluator',
  frozen: bodySegments(outline).map(segment => segment.id),
  trains: [],
  head: null,
  labelWeight: 1,
  distil: null,
  epochs: 1,
  learningRate: 0,
});
