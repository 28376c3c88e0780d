import { averageOf, type ModelOutline } from '../../protocol/model-outline.ts';
import type { PlanSpec } from '../../protocol/plan-spec.ts';
import { type Result, refused } from '../../protocol/refusals.ts';
import type { LearningPlan } from '../learning-plan.ts';
import { byLabels, segmentTask } from '../task/segment-task.ts';
import { bodyIds, checkSegments, lastExit } from '../task/task-parts.ts';
import { inTurns } from '../task/turns.ts';

/**
 * Every segment by itself, its head behind a moving average of the next segment's first layer, which no gradient
 * changes. Source: Su et al., Momentum Auxiliary Network, arXiv 2407.05623.
 */
export const momentumAuxiliary: LearningPlan<Extract<PlanSpec, { name: 'momentum-auxiliary' }>> = {
  heads: 'momentum',
  check: checkAverages,
  tasks: (outline, { turns, epochs }, moment) =>
    inTurns(outline, turns, moment, place => segmentTask(outline, byLabels(epochs), moment, place)),
  exit: lastExit,
};

function checkAverages(outline: ModelOutline): Result<true> {
  const bare = bodyIds(outline)
    .slice(0, -1)
    .find(id => !averageOf(outline, id));
  const checked = checkSegments(outline, 'momentum-auxiliary');
  if (!checked.ok || bare === undefined) return checked;
  return refused(
    'bad-spec',
    `momentum-auxiliary wants a moving average before the head of ${bare}: build the model for this plan`,
  );
}
