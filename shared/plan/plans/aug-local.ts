import type { PlanSpec } from '../../protocol/plan-spec.ts';
import type { LearningPlan } from '../learning-plan.ts';
import { byLabels, segmentTask } from '../task/segment-task.ts';
import { checkSegments, lastExit } from '../task/task-parts.ts';
import { inTurns } from '../task/turns.ts';

/**
 * Every segment by itself with a head made like the layers that follow it: all of the method is in the heads that the
 * model is built with. Source: Ma et al., AugLocal, arXiv 2402.17318.
 */
export const augLocal: LearningPlan<Extract<PlanSpec, { name: 'aug-local' }>> = {
  heads: 'aug-local',
  check: outline => checkSegments(outline, 'aug-local'),
  tasks: (outline, { turns, epochs }, moment) =>
    inTurns(outline, turns, moment, place => segmentTask(outline, byLabels(epochs), moment, place)),
  exit: lastExit,
};
