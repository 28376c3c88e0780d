import type { PlanSpec } from '../../protocol/plan-spec.ts';
import type { LearningPlan, Moment } from '../learning-plan.ts';
import { byLabels, segmentTask } from '../task/segment-task.ts';
import { bodyIds, checkSegments, exitAfter } from '../task/task-parts.ts';

/**
 * The boundary moves forward a stage at a time: each segment has its even share of the budget to learn with its head,
 * everything before it frozen for good. Sources: Wang et al., ProgFed, arXiv 2110.05323, for the growing; ProFL
 * (learning.md, "Readings") for the freezing.
 */
export const growing: LearningPlan<Extract<PlanSpec, { name: 'growing' }>> = {
  heads: 'linear',
  check: outline => checkSegments(outline, 'growing'),
  tasks: (outline, { epochs }, moment) => {
    const count = bodyIds(outline).length;
    const stage = stageAt(count, moment.from);
    return [segmentTask(outline, byLabels(epochs), withinStage(moment, stage, count), stage)];
  },
  exit: (outline, _, progress) => {
    const ids = bodyIds(outline);
    const grown = ids.slice(0, stageAt(ids.length, progress) + 1);
    return exitAfter(outline, grown.at(-1) ?? '');
  },
};

/** From 0. Compared with quotients of integers as progress is one, so that equal ones compare equal. */
const stageAt = (count: number, progress: number): number =>
  Array.from({ length: count - 1 }, (_, i) => (i + 1) / count).filter(end => progress >= end).length;

/**
 * The round as a part of its stage alone, which has a whole cosine of its own: on the run's the last of four stages would
 * begin at a seventh of the rate. A round that reaches into the next stage ends this one.
 */
const withinStage = (moment: Moment, stage: number, count: number): Moment => ({
  ...moment,
  from: Math.max(0, moment.from * count - stage),
  to: Math.min(1, moment.to * count - stage),
});
