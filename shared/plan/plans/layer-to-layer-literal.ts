import type { PlanNamed } from '../learning-plan.ts';
import { checkSegments } from '../task/check-segments.ts';
import { lastExit } from '../task/exits.ts';
import { segmentTask } from '../task/segment-task.ts';
import { inTurns } from '../task/turns.ts';

/**
 * The abstract of Bhyravabhottla, Lee, arXiv 2303.15245, at its word. The student learns from the teacher's logits
 * alone. The teacher learns from the labels and from the student's logits, however good these are. Nothing is ever
 * frozen for good.
 */
export const layerToLayerLiteral: PlanNamed<'layer-to-layer-literal'> = settings => ({
  heads: 'linear',
  check: outline => checkSegments(outline, 'layer-to-layer-literal'),
  tasks: (outline, moment) => {
    const learning = { ...settings, alpha: 1, beta: 1, gated: false };
    return inTurns(outline, settings.turns, moment, place => segmentTask(outline, learning, moment, place));
  },
  exit: lastExit,
});
