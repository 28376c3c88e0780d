import type { Task } from '../../protocol/lease.ts';
import type { ModelOutline } from '../../protocol/model-outline.ts';
import type { PlanSpec } from '../../protocol/plan-spec.ts';
import { type LearningPlan, type Moment, scheduleOf } from '../learning-plan.ts';
import {
  bodyIds,
  checkCount,
  lastExit,
  plainTask,
  roleAt,
  trainedExit,
  wholeTask,
} from '../task/task-parts.ts';

type Spec = Extract<PlanSpec, { name: 'layer-to-layer-through' }>;

/**
 * The student learns from what the frozen teacher makes of its features, as every segment does through those behind it;
 * before that the whole network warms up, since an untrained teacher has nothing to say. Needs no heads. Kin: FedPart
 * (learning.md, "Readings"), which also trains a part at a time through the frozen rest after whole rounds.
 */
export const layerToLayerThrough: LearningPlan<Spec> = {
  heads: 'linear',
  check: outline => checkCount(outline, 'layer-to-layer-through'),
  tasks: (outline, spec, moment) => {
    if (moment.from < spec.warmUp) return [wholeTask(outline, spec.studentEpochs, moment)];
    // The earlier the segment, the longer its way to the logits: the last is the lightest.
    return bodyIds(outline)
      .map((_, place) => taskAt(outline, spec, moment, place))
      .reverse();
  },
  exit: lastExit,
};

function taskAt(outline: ModelOutline, spec: Spec, moment: Moment, place: number): Task {
  const ids = bodyIds(outline);
  return plainTask({
    role: roleAt(outline, place),
    frozen: ids.slice(0, place),
    path: ids.slice(place),
    exits: [trainedExit(lastExit(outline))],
    trains: ids.slice(place, place + 1),
    epochs: place === 0 ? spec.studentEpochs : spec.teacherEpochs,
    schedule: scheduleOf(moment),
  });
}
