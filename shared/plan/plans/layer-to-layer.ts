import type { PlanSpec } from '../../protocol/plan-spec.ts';
import type { LearningPlan } from '../learning-plan.ts';
import { segmentTask } from '../task/segment-task.ts';
import { bodyIds, checkSegments, lastExit } from '../task/task-parts.ts';
import { inTurns } from '../task/turns.ts';

/**
 * Layer-to-layer training: every segment learns from the labels through its own answer, and from its neighbours' where
 * theirs is better: it is student to the next and teacher to the one before. From the freeze point on all train the last.
 * Source: our reading of Bhyravabhottla, Lee, arXiv 2303.15245 (learning.md, first row of the readings).
 */
export const layerToLayer: LearningPlan<Extract<PlanSpec, { name: 'layer-to-layer' }>> = {
  heads: 'linear',
  check: outline => checkSegments(outline, 'layer-to-layer'),
  tasks: (outline, spec, moment) => {
    const learning = { ...spec, gated: true };
    const last = bodyIds(outline).length - 1;
    return moment.from >= spec.freezeAt
      ? [segmentTask(outline, learning, moment, last)]
      : inTurns(outline, spec.turns, moment, place => segmentTask(outline, learning, moment, place));
  },
  exit: lastExit,
};
