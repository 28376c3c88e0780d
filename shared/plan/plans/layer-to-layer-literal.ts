import type { PlanSpec } from '../../protocol/plan-spec.ts';
import type { LearningPlan } from '../learning-plan.ts';
import { segmentTask } from '../task/segment-task.ts';
import { checkSegments, lastExit } from '../task/task-parts.ts';
import { inTurns } from '../task/turns.ts';

/**
 * The abstract at its word: the student learns from the teacher's answer alone, the teacher from the labels and the
 * student's, however good they are, and nothing is ever frozen for good. Source: Bhyravabhottla, Lee, arXiv 2303.15245.
 */
export const layerToLayerLiteral: LearningPlan<Extract<PlanSpec, { name: 'layer-to-layer-literal' }>> = {
  heads: 'linear',
  check: outline => checkSegments(outline, 'layer-to-layer-literal'),
  tasks: (outline, spec, moment) => {
    const learning = { ...spec, alpha: 1, beta: 1, gated: false };
    return inTurns(outline, spec.turns, moment, place => segmentTask(outline, learning, moment, place));
  },
  exit: lastExit,
};
