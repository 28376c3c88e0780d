import type { Task } from '../../protocol/lease.ts';
import { bodyIds, type ModelOutline } from '../../protocol/model-outline.ts';
import type { PlanSpecs } from '../../protocol/plan-spec.ts';
import type { PlanNamed } from '../learning-plan.ts';
import { checkCount } from '../task/check-segments.ts';
import { lastExit, trainedExit } from '../task/exits.ts';
import { plainTask } from '../task/plain-task.ts';
import { roleAt } from '../task/role-at.ts';
import { type Moment, scheduleOf } from '../task/schedule.ts';
import { wholeTask } from '../task/whole-task.ts';

type Settings = PlanSpecs['layer-to-layer-through'];

/**
 * Our reading of Bhyravabhottla, Lee, arXiv 2303.15245, in which the student learns from what the frozen teacher makes
 * of its features. Every segment learns so through those behind it. Before that the whole network warms up, since an
 * untrained teacher has nothing to say. Needs no heads. Kin: FedPart (shared/plan/README.md, "Readings"), which also
 * trains some layers at a time through the frozen rest after whole rounds.
 */
export const layerToLayerThrough: PlanNamed<'layer-to-layer-through'> = settings => ({
  heads: 'linear',
  check: outline => checkCount(outline, 'layer-to-layer-through'),
  tasks: (outline, moment) => {
    if (moment.from < settings.warmUp) return [wholeTask(outline, settings.studentEpochs, moment)];
    // The earlier the segment, the longer its way to the logits: the last is the lightest.
    return bodyIds(outline)
      .map((_, place) => taskAt(outline, settings, moment, place))
      .reverse();
  },
  exit: lastExit,
});

function taskAt(outline: ModelOutline, settings: Settings, moment: Moment, place: number): Task {
  const ids = bodyIds(outline);
  return plainTask({
    role: roleAt(outline, place),
    frozen: ids.slice(0, place),
    path: ids.slice(place),
    exits: [trainedExit(lastExit(outline))],
    trains: ids.slice(place, place + 1),
    epochs: place === 0 ? settings.studentEpochs : settings.teacherEpochs,
    schedule: scheduleOf(moment),
  });
}
