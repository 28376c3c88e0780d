import { bodyIds } from '../../protocol/model-outline.ts';
import type { PlanNamed } from '../learning-plan.ts';
import { checkSegments } from '../task/check-segments.ts';
import { lastExit } from '../task/exits.ts';
import { segmentTask } from '../task/segment-task.ts';
import { inTurns } from '../task/turns.ts';

/**
 * Layer-to-layer training, our reading of Bhyravabhottla, Lee, arXiv 2303.15245 (shared/plan/README.md, "Readings",
 * first row). Every segment learns from the labels through its own exit, and from its neighbours' exits when theirs are
 * better: it is student to the next segment and teacher to the one before. From the freeze point on all train the last.
 */
export const layerToLayer: PlanNamed<'layer-to-layer'> = settings => ({
  heads: 'linear',
  check: outline => checkSegments(outline, 'layer-to-layer'),
  tasks: (outline, moment) => {
    const learning = { ...settings, gated: true };
    const last = bodyIds(outline).length - 1;
    return moment.from >= settings.freezeAt
      ? [segmentTask(outline, learning, moment, last)]
      : inTurns(outline, settings.turns, moment, place => segmentTask(outline, learning, moment, place));
  },
  exit: lastExit,
});
