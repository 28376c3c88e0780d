import { bodyIds } from '../../protocol/model-outline.ts';
import type { PlanNamed } from '../learning-plan.ts';
import { checkSegments } from '../task/check-segments.ts';
import { exitAfter, trainedExit } from '../task/exits.ts';
import { plainTask, withHeads } from '../task/plain-task.ts';
import { scheduleOf } from '../task/schedule.ts';

/**
 * The control, of no paper: the first segment with its head learns for the whole budget, the rest never. Nothing else
 * tells whether more depth helps at all (shared/plan/README.md, "Readings").
 */
export const studentAlone: PlanNamed<'student-alone'> = ({ epochs }) => ({
  heads: 'linear',
  check: outline => checkSegments(outline, 'student-alone'),
  tasks: (outline, moment) => {
    const path = bodyIds(outline).slice(0, 1);
    return [
      plainTask({
        role: 'student',
        path,
        exits: path.map(id => trainedExit(exitAfter(outline, id))),
        trains: withHeads(outline, path),
        epochs,
        schedule: scheduleOf(moment),
      }),
    ];
  },
  exit: outline => exitAfter(outline, bodyIds(outline)[0] ?? ''),
});
