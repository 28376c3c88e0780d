import type { PlanSpec } from '../../protocol/plan-spec.ts';
import { type LearningPlan, scheduleOf } from '../learning-plan.ts';
import { bodyIds, checkSegments, exitAfter, plainTask, trainedExit, withHeads } from '../task/task-parts.ts';

/**
 * The control: the first segment with its head for the whole budget, the rest never. Whether more depth helps at all is
 * told by nothing else (learning.md, "A fair comparison").
 */
export const studentAlone: LearningPlan<Extract<PlanSpec, { name: 'student-alone' }>> = {
  heads: 'linear',
  check: outline => checkSegments(outline, 'student-alone'),
  tasks: (outline, spec, moment) => {
    const path = bodyIds(outline).slice(0, 1);
    return [
      plainTask({
        role: 'student',
        path,
        exits: path.map(id => trainedExit(exitAfter(outline, id))),
        trains: withHeads(outline, path),
        epochs: spec.epochs,
        schedule: scheduleOf(moment),
      }),
    ];
  },
  exit: outline => exitAfter(outline, bodyIds(outline)[0] ?? ''),
};
