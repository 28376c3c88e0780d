import type { Role } from '../../protocol/identifiers.ts';
import type { Task } from '../../protocol/lease.ts';
import { bodyIds, type ModelOutline } from '../../protocol/model-outline.ts';
import type { PlanSpecs } from '../../protocol/plan-spec.ts';
import type { PlanNamed } from '../learning-plan.ts';
import { answerExit, keptHeads } from '../task/answer-exit.ts';
import { checkSegments } from '../task/check-segments.ts';
import { exitAfter } from '../task/exits.ts';
import { mutualExits } from '../task/mutual-exits.ts';
import { plainTask, withHeads } from '../task/plain-task.ts';
import { type Moment, scheduleOfEarly } from '../task/schedule.ts';

type Settings = PlanSpecs['depth-federated'];

/**
 * DepthFL, Kim et al., ICLR 2023. A device trains the deepest prefix of the network that fits it, with all exits in it,
 * and these learn from each other. A segment is averaged over all who trained it, whatever their depth. Gated, the exits
 * are the seed's student and teacher (shared/plan/README.md, "Readings").
 */
export const depthFederated: PlanNamed<'depth-federated'> = settings => ({
  heads: 'linear',
  keepsHeads: keptHeads(settings.answer),
  fitsDevices: true,
  check: outline => checkSegments(outline, 'depth-federated'),
  tasks: (outline, moment) => {
    const learning = learningAt(settings, moment);
    return bodyIds(outline).map((_, place) => prefixTask(outline, learning, moment, place + 1));
  },
  stageAt: progress => (isDistilled(settings, progress) ? 1 : 0),
  exit: outline => answerExit(outline, settings.answer),
});

/** At first exits know nothing that is worth learning. */
const isDistilled = ({ distilAt }: Settings, progress: number): boolean => progress >= distilAt;

const learningAt = (settings: Settings, { from }: Moment): Settings =>
  isDistilled(settings, from) ? settings : { ...settings, alpha: 0, beta: 0 };

/** The first so many segments. */
function prefixTask(outline: ModelOutline, settings: Settings, moment: Moment, depth: number): Task {
  const path = bodyIds(outline).slice(0, depth);
  const exits = mutualExits(
    path.map(id => exitAfter(outline, id)),
    settings,
  );
  const headed = exits.map(({ after }) => after);
  return plainTask({
    role: roleOf(outline, depth),
    path,
    exits,
    trains: withHeads(outline, path, headed),
    epochs: settings.epochs,
    schedule: scheduleOfEarly(outline, moment, settings.earlyRate),
    ...(settings.correction > 0 ? { correction: settings.correction } : {}),
  });
}

function roleOf(outline: ModelOutline, depth: number): Role {
  if (depth === 1) return 'student';
  return depth === bodyIds(outline).length ? 'whole' : `depth-${depth}`;
}
