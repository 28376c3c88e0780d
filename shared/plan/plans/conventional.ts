import { accepted } from '../../protocol/refusals.ts';
import type { PlanNamed } from '../learning-plan.ts';
import { lastExit } from '../task/exits.ts';
import { wholeTask } from '../task/whole-task.ts';

/** FedAvg, McMahan et al., arXiv 1602.05629. Everyone trains the whole network end to end: the baseline. */
export const conventional: PlanNamed<'conventional'> = ({ epochs }) => ({
  heads: 'linear',
  check: () => accepted(true),
  tasks: (outline, moment) => [wholeTask(outline, epochs, moment)],
  exit: lastExit,
});
