import type { Branch, Distil, Task, TrainedExit } from '../../protocol/lease.ts';
import { bodyIds, type ModelOutline } from '../../protocol/model-outline.ts';
import { exitAfter, studentExit, teacherExit, trainedExit } from './exits.ts';
import { plainTask, withHeads } from './plain-task.ts';
import { roleAt } from './role-at.ts';
import { type Moment, scheduleOf } from './schedule.ts';

/** How a segment that is trained alone learns (shared/plan/README.md, "Notation"). */
export interface SegmentLearning {
  /** Weight of the teacher's logits in the student's loss, and of the student's in the teacher's. */
  readonly alpha: number;
  readonly beta: number;
  readonly temperature: number;
  readonly gated: boolean;
  /** Of the first segment, and of each other. */
  readonly studentEpochs: number;
  readonly teacherEpochs: number;
}

/** From the labels only, all segments alike: no gradient and no logits of another's. */
export const byLabels = (epochs: number): SegmentLearning => ({
  alpha: 0,
  beta: 0,
  temperature: 1,
  gated: false,
  studentEpochs: epochs,
  teacherEpochs: epochs,
});

/** The segment at this place trained with its head on what the frozen ones before it put out. */
export function segmentTask(
  outline: ModelOutline,
  learning: SegmentLearning,
  moment: Moment,
  place: number,
): Task {
  const ids = bodyIds(outline);
  const segment = ids[place] ?? '';
  return plainTask({
    role: roleAt(outline, place),
    frozen: ids.slice(0, place),
    path: [segment],
    exits: [exitAt(outline, learning, place)],
    trains: withHeads(outline, [segment]),
    epochs: place === 0 ? learning.studentEpochs : learning.teacherEpochs,
    schedule: scheduleOf(moment),
  });
}

function exitAt(
  outline: ModelOutline,
  { alpha, beta, temperature, gated }: SegmentLearning,
  place: number,
): TrainedExit {
  const from = (distilFrom: Branch | null, weight: number): Distil[] =>
    distilFrom && weight > 0 ? [{ distilFrom, weight, temperature, gated }] : [];
  const teacher = from(teacherExit(outline, place), alpha);
  const student = from(studentExit(outline, place), beta);
  const exit = exitAfter(outline, bodyIds(outline)[place] ?? '');
  return trainedExit(exit, teacher.length > 0 ? 1 - alpha : 1, [...teacher, ...student]);
}
