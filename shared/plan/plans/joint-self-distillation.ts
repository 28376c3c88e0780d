import type { PlanNamed } from '../learning-plan.ts';
import { answerExit, keptHeads } from '../task/answer-exit.ts';
import { checkSegments } from '../task/check-segments.ts';
import { exitsBefore, lastExit } from '../task/exits.ts';
import { mutualExits } from '../task/mutual-exits.ts';
import { scheduleOfEarly } from '../task/schedule.ts';
import { exitsTask } from '../task/whole-task.ts';

/**
 * Be Your Own Teacher, Zhang et al., arXiv 1905.08094, in both directions. All learn at once: every exit from the labels
 * and from the others. The paper distils from the last exit alone, ungated: β = 0 and gate=always.
 */
export const jointSelfDistillation: PlanNamed<'joint-self-distillation'> = settings => ({
  heads: 'linear',
  keepsHeads: keptHeads(settings.answer),
  check: outline => checkSegments(outline, 'joint-self-distillation'),
  tasks: (outline, moment) => {
    const { lambda, alpha, beta } = settings;
    // Heads that learn nothing have nothing to teach.
    const isConventional = lambda + alpha === 0;
    const branches = [...exitsBefore(outline), lastExit(outline)];
    const exits = mutualExits(branches, { ...settings, beta: isConventional ? 0 : beta });
    const task = exitsTask(outline, settings.epochs, moment, exits);
    return [{ ...task, schedule: scheduleOfEarly(outline, moment, settings.earlyRate) }];
  },
  exit: outline => answerExit(outline, settings.answer),
});
