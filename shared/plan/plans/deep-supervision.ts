import type { PlanSpec } from '../../protocol/plan-spec.ts';
import type { LearningPlan } from '../learning-plan.ts';
import { checkSegments, exitsBefore, lastExit, trainedExit, wholeTask } from '../task/task-parts.ts';

/**
 * The whole network with a companion loss on every segment before the last, its weight decaying to zero over the budget:
 * λ·(1 − t/N). Source: Lee et al., Deeply-Supervised Nets, arXiv 1409.5185.
 */
export const deepSupervision: LearningPlan<Extract<PlanSpec, { name: 'deep-supervision' }>> = {
  heads: 'dense',
  check: outline => checkSegments(outline, 'deep-supervision'),
  tasks: (outline, { lambda, epochs }, moment) => {
    const companions = exitsBefore(outline).map(answer => trainedExit(answer, lambda * (1 - moment.from)));
    return [wholeTask(outline, epochs, moment, lambda > 0 ? companions : [])];
  },
  exit: lastExit,
};
