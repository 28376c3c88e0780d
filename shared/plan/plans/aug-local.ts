import type { PlanNamed } from '../learning-plan.ts';
import { checkSegments } from '../task/check-segments.ts';
import { lastExit } from '../task/exits.ts';
import { byLabels, segmentTask } from '../task/segment-task.ts';
import { inTurns } from '../task/turns.ts';

/**
 * AugLocal, Ma et al., arXiv 2402.17318. Every segment learns by itself with a head that is made like the layers that
 * follow it. All of the method is in the heads that the model is built with.
 */
export const augLocal: PlanNamed<'aug-local'> = ({ turns, epochs }) => ({
  heads: 'aug-local',
  check: outline => checkSegments(outline, 'aug-local'),
  tasks: (outline, moment) =>
    inTurns(outline, turns, moment, place => segmentTask(outline, byLabels(epochs), moment, place)),
  exit: lastExit,
});
