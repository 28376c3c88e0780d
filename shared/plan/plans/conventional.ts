import type { PlanSpec } from '../../protocol/plan-spec.ts';
import { accepted } from '../../protocol/refusals.ts';
import type { LearningPlan } from '../learning-plan.ts';
import { lastExit, wholeTask } from '../task/task-parts.ts';

/** The whole network end to end by everyone: the baseline. Source: McMahan et al., FedAvg, arXiv 1602.05629. */
export const conventional: LearningPlan<Extract<PlanSpec, { name: 'conventional' }>> = {
  heads: 'linear',
  check: () => accepted(true),
  tasks: (outline, spec, moment) => [wholeTask(outline, spec.epochs, moment)],
  exit: lastExit,
};
