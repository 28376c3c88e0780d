import { describe, expect, it } from 'vitest';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { evaluationTask, judgedSegments, networkFor, planTasks } from '../../../shared/plan/plan-tasks.ts';
import { rateAt } from '../../../shared/plan/task/schedule.ts';
import { segmentsOf, taskSchema } from '../../../shared/protocol/lease.ts';
import { planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import { smallModel, smallSpec } from '../federation/small-run.ts';
import { chainOutline } from './outlines.ts';

const specOf = (plan: object, rounds = 20) => smallSpec({ plan: planSpecSchema.parse(plan), rounds });
const tasksOf =
  (name: string, outline = smallModel) =>
  (round: number, plan: object = {}) =>
    planTasks(specOf({ ...plan, name }), outline, round);

describe('conventional', () => {
  it('gives everyone the whole body, heads left out', () => {
    const spec = smallSpec({ plan: { name: 'conventional', epochs: 3 } });
    const tasks = planTasks(spec, smallModel, 1);
    expect(tasks).toEqual([
      {
        role: 'whole',
        frozen: [],
        views: 1,
        path: ['segment-1', 'segment-2'],
        isolated: false,
        exits: [{ after: 'segment-2', through: [], labelWeight: 1, distils: [] }],
        trains: ['segment-1', 'segment-2'],
        epochs: 3,
        schedule: { rate: 0.05, from: 0, to: 0.25, ends: {} },
      },
    ]);
    expect(tasks.map(task => taskMacs(smallModel, task))).toEqual([3 * 3 * 1_400]);
  });
});

describe('student-alone', () => {
  it('trains the first segment with its head in every round, and is judged by it', () => {
    for (const round of [1, 20])
      expect(tasksOf('student-alone', chainOutline(3))(round)).toMatchObject([
        { role: 'student', path: ['segment-1'], trains: ['segment-1', 'head-1'] },
      ]);
    const spec = specOf({ name: 'student-alone' });
    expect(judgedSegments(spec, smallModel, 20)).toEqual(['segment-1', 'head-1']);
    expect(evaluationTask(spec, smallModel, 20)).toMatchObject({
      path: ['segment-1'],
      exits: [{ after: 'segment-1', through: ['head-1'] }],
    });
  });
});

const exit1 = { after: 'segment-1', through: ['head-1'] };
const exit2 = { after: 'segment-2', through: ['head-2'] };
const exit3 = { after: 'segment-3', through: [] };
const from = (distilFrom: object, weight: number, gated = true) => ({
  distilFrom,
  weight,
  temperature: 2,
  gated,
});

describe('joint-self-distillation', () => {
  it('trains all at once, every exit from the labels and from all others, which share a weight', () => {
    const [task, ...more] = tasksOf('joint-self-distillation', chainOutline(3))(1, {
      lambda: 0.4,
      alpha: 0.2,
      beta: 0.6,
    });
    expect(more).toEqual([]);
    expect(task).toMatchObject({ role: 'whole', isolated: false });
    expect(task?.exits).toEqual([
      { ...exit1, labelWeight: 0.4, distils: [from(exit2, 0.1), from(exit3, 0.1)] },
      { ...exit2, labelWeight: 0.4, distils: [from(exit3, 0.2), from(exit1, 0.6)] },
      { ...exit3, labelWeight: 1, distils: [from(exit1, 0.3), from(exit2, 0.3)] },
    ]);
    expect(task?.trains).toEqual(['segment-1', 'segment-2', 'segment-3', 'head-1', 'head-2']);
  });

  it('is the paper’s with one direction and no gate', () => {
    const [task] = tasksOf('joint-self-distillation')(1, { alpha: 0.3, beta: 0, gate: 'always' });
    const last = { after: 'segment-2', through: [] };
    expect(task?.exits).toEqual([
      { ...exit1, labelWeight: 0.5, distils: [from(last, 0.3, false)] },
      { ...last, labelWeight: 1, distils: [] },
    ]);
  });

  it('answers by its last exit, by the sum, or by the ensemble of all', () => {
    const judged = (answer: string) => evaluationTask(specOf({ name, answer }), chainOutline(3), 20).exits;
    const name = 'joint-self-distillation';
    const plus = [exit2, exit1];
    expect(judged('last')).toMatchObject([exit3]);
    expect(judged('last')[0]).not.toHaveProperty('plus');
    expect(judged('sum')).toMatchObject([{ ...exit3, plus }]);
    expect(judged('sum')[0]).not.toHaveProperty('joined');
    expect(judged('ensemble')).toMatchObject([{ ...exit3, plus, joined: 'ensemble' }]);
  });

  it('costs the heads beside the whole: the last exit is there anyway', () => {
    const macs = tasksOf('joint-self-distillation')(1).map(task => taskMacs(smallModel, task));
    expect(macs).toEqual([3 * 1_430]);
  });

  it('without weights on them leaves the heads out', () => {
    expect(tasksOf('joint-self-distillation')(1, { lambda: 0, alpha: 0 })).toEqual(
      tasksOf('conventional')(1),
    );
  });
});

describe('deep-supervision', () => {
  it.each([
    [1, 0.4],
    [11, 0.2],
    [20, 0.02],
  ])('in round %i of 20 weighs the companion losses %d, the last one 1', (round, weight) => {
    const [task] = tasksOf('deep-supervision', chainOutline(3))(round, { lambda: 0.4 });
    const weights = task?.exits.map(({ labelWeight }) => labelWeight) ?? [];
    expect(weights[0]).toBeCloseTo(weight, 12);
    expect(weights[1]).toBeCloseTo(weight, 12);
    expect(weights[2]).toBe(1);
  });
});

describe('growing', () => {
  const tasksAt = tasksOf('growing', chainOutline(4));

  it.each([
    [1, 'student', [], ['segment-1', 'head-1']],
    [5, 'student', [], ['segment-1', 'head-1']],
    [6, 'segment-2', ['segment-1'], ['segment-2', 'head-2']],
    [20, 'teacher', ['segment-1', 'segment-2', 'segment-3'], ['segment-4']],
  ])('in round %i of 20 the %s trains alone behind the frozen', (round, role, frozen, trains) => {
    const [task, ...more] = tasksAt(round);
    expect(more).toEqual([]);
    expect(task).toMatchObject({ role, frozen, path: trains.slice(0, 1), trains });
  });

  it('gives every segment and its head a whole cosine in its part of the budget', () => {
    const rates = [6, 10, 11].map(round => {
      const [task] = tasksAt(round);
      return task ? [0, 1].map(share => rateAt(task.schedule, 'head-2', share)) : [];
    });
    expect(rates[0]?.[0]).toBe(0.05);
    expect(rates[1]?.[1]).toBe(0);
    expect(rates[2]?.[0]).toBe(0.05);
  });

  it('ends a stage with the round that reaches into the next', () => {
    const rounds = [1, 2, 3].map(round => planTasks(specOf({ name: 'growing' }, 3), smallModel, round)[0]);
    expect(rounds.map(task => task?.role)).toEqual(['student', 'student', 'teacher']);
    expect(rounds.map(task => task?.schedule.to)).toEqual([2 / 3, 1, 1]);
  });

  it('is judged by what has grown so far', () => {
    const spec = specOf({ name: 'growing' });
    expect(judgedSegments(spec, chainOutline(4), 0)).toEqual(['segment-1', 'head-1']);
    expect(judgedSegments(spec, chainOutline(4), 6)).toEqual(['segment-1', 'segment-2', 'head-2']);
    expect(judgedSegments(spec, chainOutline(4), 16)).toEqual([
      'segment-1',
      'segment-2',
      'segment-3',
      'segment-4',
    ]);
  });
});

describe.each(['aug-local', 'momentum-auxiliary'])('%s', name => {
  const outline = chainOutline(3, { averages: name === 'momentum-auxiliary' });
  const tasksAt = tasksOf(name, outline);

  it('gives every segment a role of its own, that learns from the labels through its own exit', () => {
    const tasks = tasksAt(1, { epochs: 3 });
    expect(tasks.map(({ role, epochs }) => [role, epochs])).toEqual([
      ['student', 3],
      ['segment-2', 3],
      ['teacher', 3],
    ]);
    for (const { exits } of tasks) expect(exits).toMatchObject([{ labelWeight: 1, distils: [] }]);
  });

  it('together trains all in one lease, isolated', () => {
    expect(tasksAt(1, { turns: 'together' })).toMatchObject([
      {
        role: 'whole',
        isolated: true,
        path: ['segment-1', 'segment-2', 'segment-3'],
        trains: ['segment-1', 'segment-2', 'segment-3', 'head-1', 'head-2'],
      },
    ]);
  });
});

it('momentum-auxiliary has its exits behind the average of the next segment’s first layer, which it does not train', () => {
  const tasks = tasksOf('momentum-auxiliary', chainOutline(3, { averages: true }))(1);
  expect(tasks.map(({ exits }) => exits[0]?.through)).toEqual([
    ['average-2', 'head-1'],
    ['average-3', 'head-2'],
    [],
  ]);
  expect(tasks.flatMap(({ trains }) => trains)).not.toContain('average-2');
});

it.each([
  ['layer-to-layer', 'linear'],
  ['aug-local', 'aug-local'],
  ['deep-supervision', 'dense'],
  ['momentum-auxiliary', 'momentum'],
] as const)('%s wants a model with %s heads', (name, heads) => {
  expect(networkFor(planSpecSchema.parse({ name }))).toEqual({ heads, keepsHeads: false });
});

it('growing-together keeps the heads in the network if it adds up their logits', () => {
  const heads = 'linear';
  expect(networkFor(planSpecSchema.parse({ name: 'growing-together', answer: 'sum' }))).toEqual({
    heads,
    keepsHeads: 'sum',
  });
  expect(networkFor(planSpecSchema.parse({ name: 'growing-together' }))).toEqual({
    heads,
    keepsHeads: false,
  });
});

it('an evaluator runs the whole body, trains nothing and does so once', () => {
  const task = evaluationTask(smallSpec(), smallModel, 1);
  expect(taskSchema.parse(task)).toMatchObject({ role: 'evaluator', trains: [], epochs: 1 });
  expect(task.exits).toEqual([{ after: 'segment-2', through: [], labelWeight: 1, distils: [] }]);
  expect(segmentsOf(task)).toEqual(['segment-1', 'segment-2']);
  expect(taskMacs(smallModel, task)).toBe(1_400);
});
