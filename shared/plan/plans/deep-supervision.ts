import type { PlanNamed } from '../learning-plan.ts';
import { checkSegments } from '../task/check-segments.ts';
import { exitsBefore, lastExit, trainedExit } from '../task/exits.ts';
import { wholeTask } from '../task/whole-task.ts';

/**
 * Deeply-Supervised Nets, Lee et al., arXiv 1409.5185. The whole network learns, with a companion loss on every segment
 * before the last. The weight of these losses decays to zero over the budget: λ·(1 − t/N).
 */
export const deepSupervision: PlanNamed<'deep-supervision'> = ({ lambda, epochs }) => ({
  heads: 'dense',
  check: outline => checkSegments(outline, 'deep-supervision'),
  tasks: (outline, moment) => {
    const companions = exitsBefore(outline).map(exit => trainedExit(exit, lambda * (1 - moment.from)));
    return [wholeTask(outline, epochs, moment, lambda > 0 ? companions : [])];
  },
  exit: lastExit,
});
