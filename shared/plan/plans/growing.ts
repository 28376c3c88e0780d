import { bodyIds } from '../../protocol/model-outline.ts';
import type { PlanNamed } from '../learning-plan.ts';
import { checkSegments } from '../task/check-segments.ts';
import { exitAfter } from '../task/exits.ts';
import type { Moment } from '../task/schedule.ts';
import { byLabels, segmentTask } from '../task/segment-task.ts';

/**
 * ProgFed, Wang et al., arXiv 2110.05323, for the growing; ProFL for the freezing (shared/plan/README.md, "Readings").
 * The boundary moves forward a stage at a time. Each segment has its even share of the budget to learn with its head,
 * and everything before it is frozen for good.
 */
export const growing: PlanNamed<'growing'> = ({ epochs }) => ({
  heads: 'linear',
  check: outline => checkSegments(outline, 'growing'),
  tasks: (outline, moment) => {
    const count = bodyIds(outline).length;
    const stage = stageAt(count, moment.from);
    return [segmentTask(outline, byLabels(epochs), withinStage(moment, stage, count), stage)];
  },
  exit: (outline, progress) => {
    const ids = bodyIds(outline);
    const grown = ids.slice(0, stageAt(ids.length, progress) + 1);
    return exitAfter(outline, grown.at(-1) ?? '');
  },
});

/** From 0. Compared with quotients of integers, as progress is one, so that equal ones compare equal. */
const stageAt = (count: number, progress: number): number =>
  Array.from({ length: count - 1 }, (_, i) => (i + 1) / count).filter(end => progress >= end).length;

/**
 * The round's place in its stage alone. A stage has a whole cosine of its own: on the run's cosine the last of four
 * stages would begin at a seventh of the rate. A round that reaches into the next stage ends this one.
 */
const withinStage = (moment: Moment, stage: number, count: number): Moment => ({
  ...moment,
  from: Math.max(0, moment.from * count - stage),
  to: Math.min(1, moment.to * count - stage),
});
