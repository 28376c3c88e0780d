import { bodySegments } from '../protocol/model-outline.ts';
import { accepted } from '../protocol/refusals.ts';
import type { PlanSpec } from '../protocol/run-spec.ts';
import { cosineRate, type LearningPlan } from './learning-plan.ts';

/** The whole network end to end by everyone: the baseline. Source: McMahan et al., FedAvg, arXiv 1602.05629. */
export const conventional: LearningPlan<Extract<PlanSpec, { name: 'conventional' }>> = {
  check: () => accepted(true),
  tasks: (outline, spec, progress, rate) => [
    {
      role: 'whole',
      frozen: [],
      trains: bodySegments(outline).map(segment => segment.id),
      head: null,
      labelWeight: 1,
      distil: null,
      epochs: spec.epochs,
      learningRate: cosineRate(rate, progress),
    },
  ],
};
