import type { Distil } from '../../protocol/lease.ts';
import type { PlanSpec } from '../../protocol/plan-spec.ts';
import type { LearningPlan } from '../learning-plan.ts';
import { checkSegments, exitsBefore, lastExit, trainedExit, wholeTask } from '../task/task-parts.ts';

/**
 * All at once: the last answer learns from the labels, every head from the labels and from the last answer. Ungated, as
 * in the source: Zhang et al., Be Your Own Teacher, arXiv 1905.08094.
 */
export const jointSelfDistillation: LearningPlan<Extract<PlanSpec, { name: 'joint-self-distillation' }>> = {
  heads: 'linear',
  check: outline => checkSegments(outline, 'joint-self-distillation'),
  tasks: (outline, { lambda, beta, temperature, epochs }, moment) => {
    const last = lastExit(outline);
    const distils: Distil[] = beta > 0 ? [{ distilFrom: last, weight: beta, temperature, gated: false }] : [];
    const heads = exitsBefore(outline).map(answer => trainedExit(answer, lambda, distils));
    return [wholeTask(outline, epochs, moment, lambda + beta > 0 ? heads : [])];
  },
  exit: lastExit,
};
