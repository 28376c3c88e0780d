import { averageOf, bodyIds, type ModelOutline } from '../../protocol/model-outline.ts';
import { type Result, refused } from '../../protocol/refusals.ts';
import type { PlanNamed } from '../learning-plan.ts';
import { checkSegments } from '../task/check-segments.ts';
import { lastExit } from '../task/exits.ts';
import { byLabels, segmentTask } from '../task/segment-task.ts';
import { inTurns } from '../task/turns.ts';

/**
 * Momentum Auxiliary Network, Su et al., arXiv 2407.05623. Every segment learns by itself. Its head stands behind a
 * moving average of the next segment's first layer, which no gradient changes.
 */
export const momentumAuxiliary: PlanNamed<'momentum-auxiliary'> = ({ turns, epochs }) => ({
  heads: 'momentum',
  check: checkAverages,
  tasks: (outline, moment) =>
    inTurns(outline, turns, moment, place => segmentTask(outline, byLabels(epochs), moment, place)),
  exit: lastExit,
});

function checkAverages(outline: ModelOutline): Result<true> {
  const bare = bodyIds(outline)
    .slice(0, -1)
    .find(id => !averageOf(outline, id));
  const checked = checkSegments(outline, 'momentum-auxiliary');
  if (!checked.ok || bare === undefined) return checked;
  return refused(
    'bad-spec',
    `momentum-auxiliary wants a moving average before the head of ${bare}: build the network for this plan`,
  );
}
