import type { Answer, Distil, Exit, Task } from '../../protocol/lease.ts';
import type { ModelOutline } from '../../protocol/model-outline.ts';
import { type Moment, scheduleOf } from '../learning-plan.ts';
import {
  answerAfter,
  bodyIds,
  exitOf,
  plainTask,
  roleAt,
  studentOf,
  teacherOf,
  withHeads,
} from './task-parts.ts';

/** How a segment that is trained alone learns (learning.md, "Notation"). */
export interface SegmentLearning {
  /** Weight of the teacher's answer in the student's loss, and of the student's in the teacher's. */
  readonly alpha: number;
  readonly beta: number;
  readonly temperature: number;
  readonly gated: boolean;
  /** Of the first segment, and of each other. */
  readonly studentEpochs: number;
  readonly teacherEpochs: number;
}

/** From the labels only, all segments alike: no gradient and no answer of another's. */
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
): Exit {
  const from = (rival: Answer | null, weight: number): Distil[] =>
    rival && weight > 0 ? [{ rival, weight, temperature, gated }] : [];
  const teacher = from(teacherOf(outline, place), alpha);
  const student = from(studentOf(outline, place), beta);
  const answer = answerAfter(outline, bodyIds(outline)[place] ?? '');
  return exitOf(answer, teacher.length > 0 ? 1 - alpha : 1, [...teacher, ...student]);
}
