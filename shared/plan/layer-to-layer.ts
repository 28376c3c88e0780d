import type { Task } from '../protocol/lease.ts';
import { bodySegments, headOf, type ModelOutline, type Segment } from '../protocol/model-outline.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import type { PlanSpec } from '../protocol/run-spec.ts';
import { cosineRate, type LearningPlan } from './learning-plan.ts';

type Spec = Extract<PlanSpec, { name: 'layer-to-layer' }>;

interface Sides {
  readonly student: Segment;
  readonly head: Segment;
  readonly teacher: Segment;
}

/**
 * Layer-to-layer training with split roles: in one round some volunteers train the student S with its head A, others
 * the teacher T on S's frozen features; from the freeze point on all are teachers.
 * Source: our reading of Bhyravabhottla, Lee, arXiv 2303.15245 (learning.md, first row of the readings).
 */
export const layerToLayer: LearningPlan<Spec> = {
  check: outline => {
    const sides = sidesOf(outline);
    return sides.ok ? accepted(true) : sides;
  },
  tasks: (outline, spec, progress, rate) => {
    const sides = sidesOf(outline);
    if (!sides.ok) throw new Error(sides.detail);
    const learningRate = cosineRate(rate, progress);
    const teacher = teacherTask(sides.value, spec, learningRate);
    return progress >= spec.freezeAt ? [teacher] : [studentTask(sides.value, spec, learningRate), teacher];
  },
};

function sidesOf(outline: ModelOutline): Result<Sides> {
  const [student, teacher, ...more] = bodySegments(outline);
  if (!student || !teacher || more.length > 0)
    return refused(
      'bad-spec',
      `layer-to-layer wants a model of two segments, ${outline.name} has ${bodySegments(outline).length}`,
    );
  const head = headOf(outline, student.id);
  if (!head) return refused('bad-spec', `layer-to-layer wants an auxiliary head on ${student.id}`);
  return accepted({ student, head, teacher });
}

const studentTask = ({ student, head, teacher }: Sides, spec: Spec, learningRate: number): Task => ({
  role: 'student',
  frozen: [],
  trains: [student.id, head.id],
  head: head.id,
  labelWeight: 1 - spec.alpha,
  distil:
    spec.alpha > 0 ? { weight: spec.alpha, temperature: spec.temperature, through: [teacher.id] } : null,
  epochs: spec.studentEpochs,
  learningRate,
});

const teacherTask = ({ student, head, teacher }: Sides, spec: Spec, learningRate: number): Task => ({
  role: 'teacher',
  frozen: [student.id],
  trains: [teacher.id],
  head: null,
  labelWeight: 1,
  distil: spec.beta > 0 ? { weight: spec.beta, temperature: spec.temperature, through: [head.id] } : null,
  epochs: spec.teacherEpochs,
  learningRate,
});
