import type { Distil } from '../../protocol/lease.ts';
import type { PlanNamed } from '../learning-plan.ts';
import { checkSegments } from '../task/check-segments.ts';
import { exitsBefore, lastExit, trainedExit } from '../task/exits.ts';
import { wholeTask } from '../task/whole-task.ts';

/**
 * Be Your Own Teacher, Zhang et al., arXiv 1905.08094. All learn at once: the last exit from the labels, every head
 * from the labels and from the last exit. Ungated, as in the paper.
 */
export const jointSelfDistillation: PlanNamed<'joint-self-distillation'> = settings => ({
  heads: 'linear',
  check: outline => checkSegments(outline, 'joint-self-distillation'),
  tasks: (outline, moment) => {
    const { lambda, beta, temperature, epochs } = settings;
    const distilFrom = lastExit(outline);
    const distils: Distil[] = beta > 0 ? [{ distilFrom, weight: beta, temperature, gated: false }] : [];
    const heads = exitsBefore(outline).map(exit => trainedExit(exit, lambda, distils));
    return [wholeTask(outline, epochs, moment, lambda + beta > 0 ? heads : [])];
  },
  exit: lastExit,
});
