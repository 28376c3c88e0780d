import { describe, expect, it } from 'vitest';
import { taskMacs } from '../../../shared/plan/fit-task.ts';
import { checkPlan, evaluationTask, planTasks } from '../../../shared/plan/plan-tasks.ts';
import { segmentsOf, taskSchema } from '../../../shared/protocol/lease.ts';
import { bodySegments, type ModelOutline } from '../../../shared/protocol/model-outline.ts';
import { planNames, planSpecSchema, type RunSpec } from '../../../shared/protocol/run-spec.ts';
import { smallModel, smallSpec } from '../federation/small-run.ts';

/** Every plan, those with distillation on both sides too, over twenty rounds. */
const plans = [
  ...planNames.map(name => ({ name })),
  { name: 'layer-to-layer', alpha: 0.5, beta: 0.5 } as const,
];
const specOf = (plan: (typeof plans)[number]): RunSpec =>
  smallSpec({ plan: planSpecSchema.parse(plan), rounds: 20 });
const allRounds = Array.from({ length: 20 }, (_, i) => i + 1);

const without = (id: string): ModelOutline => ({
  ...smallModel,
  segments: smallModel.segments.filter(segment => segment.id !== id),
});

describe.each(plans)('the plan $name', plan => {
  const spec = specOf(plan);
  const rounds = allRounds.map(round => planTasks(spec, smallModel, round));
  const tasks = rounds.flat();

  it('serves a model of two segments and a head', () => {
    expect(checkPlan(spec.plan, smallModel)).toEqual({ ok: true, value: true });
  });

  it('gives tasks of the agreed form that name known segments only', () => {
    const known = smallModel.segments.map(segment => segment.id);
    for (const task of tasks) {
      expect(taskSchema.parse(task)).toEqual(task);
      expect(known).toEqual(expect.arrayContaining(segmentsOf(task)));
      expect(task.trains.length).toBeGreaterThan(0);
      expect(new Set(task.trains).size).toBe(task.trains.length);
      expect(task.frozen.filter(id => task.trains.includes(id))).toEqual([]);
    }
  });

  it('gives a role at most once a round, the evaluator never, and something to do in every round', () => {
    for (const round of rounds) {
      const roles = round.map(task => task.role);
      expect(new Set(roles).size).toBe(roles.length);
      expect(roles.length).toBeGreaterThan(0);
      expect(roles).not.toContain('evaluator');
    }
  });

  it('gives no segment to two roles of a round: each is averaged in one cohort', () => {
    for (const round of rounds) {
      const trained = round.flatMap(task => task.trains);
      expect(new Set(trained).size).toBe(trained.length);
    }
  });

  it('trains every body segment at some time', () => {
    const trained = new Set(tasks.flatMap(task => task.trains));
    for (const { id } of bodySegments(smallModel)) expect(trained).toContain(id);
  });

  it('gives the logits by a head it trains, or by the last segment', () => {
    const last = bodySegments(smallModel).at(-1)?.id;
    for (const { head, trains } of tasks) expect(trains.at(-1)).toBe(head ?? last);
  });

  it('weighs labels and rival to at least one', () => {
    for (const { labelWeight, distil } of tasks)
      expect(labelWeight + (distil?.weight ?? 0)).toBeGreaterThanOrEqual(1);
  });

  it('lets the learning rate fall from its first value to almost nothing', () => {
    const rates = rounds.map(round => round[0]?.learningRate ?? 0);
    expect(rates[0]).toBe(spec.training.learningRate);
    for (let i = 1; i < rates.length; i++) expect(rates[i]).toBeLessThan(rates[i - 1] ?? 0);
    expect(rates.at(-1)).toBeLessThan(0.01 * spec.training.learningRate);
    expect(rates.at(-1)).toBeGreaterThan(0);
    expect(rates[10]).toBeCloseTo(spec.training.learningRate / 2, 12);
    for (const round of rounds) expect(new Set(round.map(task => task.learningRate)).size).toBe(1);
  });

  it('is a pure function: the same round again gives the same tasks', () => {
    expect(allRounds.map(round => planTasks(spec, smallModel, round))).toEqual(rounds);
  });
});

describe('layer-to-layer', () => {
  const tasksAt = (round: number, plan: object = {}) =>
    planTasks(specOf({ ...plan, name: 'layer-to-layer' }), smallModel, round);

  it('gives a student and a teacher, the lighter first, by the defaults', () => {
    const [student, teacher, ...more] = tasksAt(1);
    expect(more).toEqual([]);
    expect(student).toEqual({
      role: 'student',
      frozen: [],
      trains: ['segment-1', 'head-1'],
      head: 'head-1',
      labelWeight: 1,
      distil: null,
      epochs: 1,
      learningRate: 0.05,
    });
    expect(teacher).toEqual({
      role: 'teacher',
      frozen: ['segment-1'],
      trains: ['segment-2'],
      head: null,
      labelWeight: 1,
      distil: null,
      epochs: 2,
      learningRate: 0.05,
    });
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
    expect(student).toMatchObject({
      labelWeight: 0.75,
      distil: { weight: 0.25, temperature: 3, through: ['segment-2'] },
    });
    expect(student && segmentsOf(student)).toEqual(['segment-1', 'head-1', 'segment-2']);
    expect(teacher?.distil).toBe(null);
  });

  it('distils the student into the teacher by beta, through its head', () => {
    const [student, teacher] = tasksAt(1, { beta: 0.5 });
    expect(student?.distil).toBe(null);
    expect(teacher).toMatchObject({
      labelWeight: 1,
      distil: { weight: 0.5, temperature: 2, through: ['head-1'] },
    });
    expect(teacher && segmentsOf(teacher)).toEqual(['segment-1', 'segment-2', 'head-1']);
  });

  it('takes its epochs from the spec', () => {
    const epochs = tasksAt(1, { studentEpochs: 3, teacherEpochs: 4 }).map(task => task.epochs);
    expect(epochs).toEqual([3, 4]);
  });

  it('refuses a model without a head on the student, naming where it belongs', () => {
    expect(checkPlan({ ...specOf({ name: 'layer-to-layer' }).plan }, without('head-1'))).toEqual({
      ok: false,
      reason: 'bad-spec',
      detail: 'layer-to-layer wants an auxiliary head on segment-1',
    });
  });

  it.each([
    ['one segment', without('segment-2'), 1],
    [
      'three',
      {
        ...smallModel,
        segments: smallModel.segments.map(segment => ({ ...segment, kind: 'body' as const })),
      },
      3,
    ],
  ])('refuses a model of %s, naming how many it has', (_, model, count) => {
    expect(checkPlan(specOf({ name: 'layer-to-layer' }).plan, model)).toMatchObject({
      ok: false,
      reason: 'bad-spec',
      detail: `layer-to-layer wants a model of two segments, small has ${count}`,
    });
  });
});

describe('conventional', () => {
  it('gives everyone the whole body, heads left out', () => {
    const spec = smallSpec({ plan: { name: 'conventional', epochs: 3 } });
    expect(planTasks(spec, smallModel, 1)).toEqual([
      {
        role: 'whole',
        frozen: [],
        trains: ['segment-1', 'segment-2'],
        head: null,
        labelWeight: 1,
        distil: null,
        epochs: 3,
        learningRate: 0.05,
      },
    ]);
  });

  it('serves any model', () => {
    for (const model of [without('head-1'), without('segment-2')])
      expect(checkPlan({ name: 'conventional', epochs: 1 }, model).ok).toBe(true);
  });
});

it('an evaluator runs the whole body, trains nothing and does so once', () => {
  const task = evaluationTask(smallModel);
  expect(taskSchema.parse(task)).toMatchObject({ role: 'evaluator', trains: [], distil: null, epochs: 1 });
  expect(segmentsOf(task)).toEqual(['segment-1', 'segment-2']);
  expect(taskMacs(smallModel, task)).toBe(1_400);
});
