import { describe, expect, it } from 'vitest';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import { rateAt } from '../../../shared/plan/task/schedule.ts';
import { segmentsOf } from '../../../shared/protocol/lease.ts';
import { planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import { smallModel, smallSpec } from '../federation/small-run.ts';
import { chainOutline } from './outlines.ts';

const specOf = (plan: object) => smallSpec({ plan: planSpecSchema.parse(plan), rounds: 20 });
const tasksOf =
  (name: string, outline = smallModel) =>
  (round: number, plan: object = {}) =>
    planTasks(specOf({ ...plan, name }), outline, round);

/** A twentieth of the budget, the first. */
const schedule = { rate: 0.05, from: 0, to: 0.05, ends: {} };

describe('layer-to-layer', () => {
  const tasksAt = tasksOf('layer-to-layer');

  it('gives a student and a teacher, the lighter first, by the defaults', () => {
    expect(tasksAt(1)).toEqual([
      {
        role: 'student',
        frozen: [],
        views: 1,
        path: ['segment-1'],
        isolated: false,
        exits: [{ after: 'segment-1', through: ['head-1'], labelWeight: 1, distils: [] }],
        trains: ['segment-1', 'head-1'],
        epochs: 1,
        schedule,
      },
      {
        role: 'teacher',
        frozen: ['segment-1'],
        views: 1,
        path: ['segment-2'],
        isolated: false,
        exits: [{ after: 'segment-2', through: [], labelWeight: 1, distils: [] }],
        trains: ['segment-2'],
        epochs: 2,
        schedule,
      },
    ]);
  });

  it.each([
    [0.7, 14, ['student', 'teacher']],
    [0.7, 15, ['teacher']],
    [0, 1, ['teacher']],
    [1, 20, ['student', 'teacher']],
  ])('with a freeze point of %d gives in round %i of 20 the roles %o', (freezeAt, round, roles) => {
    expect(tasksAt(round, { freezeAt }).map(task => task.role)).toEqual(roles);
  });

  it('distils the teacher into the student by alpha, through the frozen teacher', () => {
    const [student, teacher] = tasksAt(1, { alpha: 0.25, temperature: 3 });
    const distilFrom = { after: 'segment-1', through: ['segment-2'] };
    expect(student?.exits).toMatchObject([
      { labelWeight: 0.75, distils: [{ distilFrom, weight: 0.25, temperature: 3, gated: true }] },
    ]);
    expect(student && segmentsOf(student)).toEqual(['segment-1', 'head-1', 'segment-2']);
    expect(teacher?.exits[0]?.distils).toEqual([]);
  });

  it('distils the student into the teacher by beta, through its head', () => {
    const [student, teacher] = tasksAt(1, { beta: 0.5 });
    const distilFrom = { after: 'segment-1', through: ['head-1'] };
    expect(student?.exits[0]?.distils).toEqual([]);
    expect(teacher?.exits).toMatchObject([
      { labelWeight: 1, distils: [{ distilFrom, weight: 0.5, temperature: 2, gated: true }] },
    ]);
    expect(teacher && segmentsOf(teacher)).toEqual(['segment-1', 'segment-2', 'head-1']);
  });

  it('takes its epochs from the spec', () => {
    const epochs = tasksAt(1, { studentEpochs: 3, teacherEpochs: 4 }).map(task => task.epochs);
    expect(epochs).toEqual([3, 4]);
  });

  it('lets the learning rate fall in a cosine from its first value to nothing at the end of the last round', () => {
    const rates = [1, 11, 20].flatMap(round => tasksAt(round).slice(0, 1));
    const [first, middle, last] = rates.map(task => rateAt(task.schedule, 'segment-2', 0));
    expect(first).toBe(0.05);
    expect(middle).toBeCloseTo(0.025, 12);
    expect(last).toBeCloseTo(0.025 * (1 - Math.cos(Math.PI / 20)), 12);
    expect(rates.map(task => rateAt(task.schedule, 'segment-2', 1)).at(-1)).toBe(0);
  });

  it('costs what shared/plan/README.md says: 3(F_S+F_A)+F_T, and F_S+E(3F_T+F_A)', () => {
    const macs = tasksAt(1, { alpha: 0.5, beta: 0.5 }).map(task => taskMacs(smallModel, task));
    expect(macs).toEqual([3 * 1_030 + 400, 1_000 + 2 * (3 * 400 + 30)]);
  });

  it('by turns gives one segment a round, in order and over again', () => {
    const roles = [1, 2, 3, 4, 5].flatMap(round =>
      tasksOf('layer-to-layer', chainOutline(3))(round, { turns: 'alternate' }).map(({ role }) => role),
    );
    expect(roles).toEqual(['student', 'segment-2', 'teacher', 'student', 'segment-2']);
  });

  it('together gives all segments in one lease, none reached by another’s gradient', () => {
    const [task, ...more] = tasksAt(1, { turns: 'together', studentEpochs: 3, beta: 0.5 });
    expect(more).toEqual([]);
    expect(task).toMatchObject({
      role: 'whole',
      frozen: [],
      path: ['segment-1', 'segment-2'],
      isolated: true,
      trains: ['segment-1', 'segment-2', 'head-1'],
      epochs: 3,
    });
    expect(task?.exits.map(({ after }) => after)).toEqual(['segment-1', 'segment-2']);
    expect(task && taskMacs(smallModel, task)).toBe(3 * 3 * 1_430);
  });

  it('in three segments makes the middle one student to the next and teacher to the one before', () => {
    const [, middle] = tasksOf('layer-to-layer', chainOutline(3))(1, { alpha: 0.25, beta: 0.5 });
    expect(middle).toMatchObject({
      role: 'segment-2',
      frozen: ['segment-1'],
      path: ['segment-2'],
      trains: ['segment-2', 'head-2'],
      exits: [
        {
          after: 'segment-2',
          through: ['head-2'],
          labelWeight: 0.75,
          distils: [
            { distilFrom: { after: 'segment-2', through: ['segment-3'] }, weight: 0.25 },
            { distilFrom: { after: 'segment-1', through: ['head-1'] }, weight: 0.5 },
          ],
        },
      ],
    });
  });
});

describe('layer-to-layer-literal', () => {
  const tasksAt = tasksOf('layer-to-layer-literal');

  it('has the student learn from the teacher alone, the teacher from labels and student, ungated', () => {
    const [student, teacher] = tasksAt(1).map(({ exits }) => exits[0]);
    expect(student).toMatchObject({ labelWeight: 0, distils: [{ weight: 1, gated: false }] });
    expect(student?.distils[0]?.distilFrom).toEqual({ after: 'segment-1', through: ['segment-2'] });
    expect(teacher).toMatchObject({ labelWeight: 1, distils: [{ weight: 1, gated: false }] });
    expect(teacher?.distils[0]?.distilFrom).toEqual({ after: 'segment-1', through: ['head-1'] });
  });

  it('never freezes', () => {
    expect(tasksAt(20).map(({ role }) => role)).toEqual(['student', 'teacher']);
  });
});

describe('layer-to-layer-through', () => {
  const tasksAt = tasksOf('layer-to-layer-through');

  it.each([
    [0.2, 4, ['whole']],
    [0.2, 5, ['teacher', 'student']],
    [0, 1, ['teacher', 'student']],
    [1, 20, ['whole']],
  ])(
    'with a warm-up until %d gives in round %i of 20 the roles %o, the lighter first',
    (warmUp, round, roles) => {
      expect(tasksAt(round, { warmUp }).map(({ role }) => role)).toEqual(roles);
    },
  );

  it('warms up as conventional training does', () => {
    expect(tasksAt(1)).toEqual(tasksOf('conventional')(1));
  });

  it('trains the student through the frozen teacher, which costs 3F_S + 2F_T', () => {
    const [teacher, student] = tasksAt(20);
    expect(student).toMatchObject({
      frozen: [],
      path: ['segment-1', 'segment-2'],
      trains: ['segment-1'],
      exits: [{ after: 'segment-2', through: [], labelWeight: 1, distils: [] }],
      epochs: 1,
    });
    expect(teacher).toMatchObject({ frozen: ['segment-1'], path: ['segment-2'], epochs: 2 });
    expect(student && taskMacs(smallModel, student)).toBe(3 * 1_000 + 2 * 400);
  });

  it('in three segments trains the middle one through the last, behind the first', () => {
    const [, middle] = tasksOf('layer-to-layer-through', chainOutline(3))(20);
    expect(middle).toMatchObject({
      role: 'segment-2',
      frozen: ['segment-1'],
      path: ['segment-2', 'segment-3'],
      trains: ['segment-2'],
    });
  });
});
