import { describe, expect, it } from 'vitest';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { judgedSegments, planTasks } from '../../../shared/plan/plan-tasks.ts';
import { rateAt } from '../../../shared/plan/task/schedule.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { smallModel, smallSpec } from '../federation/small-run.ts';
import { chainOutline } from './outlines.ts';

const specOf = (plan: object = {}): RunSpec =>
  smallSpec({ plan: planSpecSchema.parse({ ...plan, name: 'growing-together' }), rounds: 20 });

/** The one task of a round. */
function taskAt(round: number, plan: object = {}, outline = smallModel): Task {
  const [task, ...more] = planTasks(specOf(plan), outline, round);
  if (!task || more.length > 0) throw new Error('growing-together gives one task a round');
  return task;
}

describe('growing-together in two segments', () => {
  const byHead = { after: 'segment-1', through: ['head-1'] };

  it('trains the student with its head until half the budget, as the control does', () => {
    expect(taskAt(1)).toEqual(
      planTasks(smallSpec({ plan: { name: 'student-alone' }, rounds: 20 }), smallModel, 1)[0],
    );
    expect(taskAt(10).role).toBe('student');
    expect(taskAt(11).role).toBe('whole');
  });

  it('then trains all jointly by CE(z_T) + λ·CE(z_S) + β·g·KL(z_S ‖ z_T)', () => {
    expect(taskAt(11, { lambda: 0.3, beta: 0.4 })).toMatchObject({
      role: 'whole',
      frozen: [],
      path: ['segment-1', 'segment-2'],
      isolated: false,
      exits: [
        { ...byHead, labelWeight: 0.3, distils: [] },
        {
          after: 'segment-2',
          through: [],
          labelWeight: 1,
          distils: [{ distilFrom: byHead, weight: 0.4, temperature: 2, gated: true }],
        },
      ],
      trains: ['segment-1', 'segment-2', 'head-1'],
    });
    expect(taskMacs(smallModel, taskAt(11))).toBe(3 * 1_430);
  });

  it('without weights is conventional training once all have joined', () => {
    const [conventional] = planTasks(
      smallSpec({ plan: { name: 'conventional' }, rounds: 20 }),
      smallModel,
      11,
    );
    expect(taskAt(11, { lambda: 0, beta: 0 })).toEqual(conventional);
  });

  it('asks a head that it no longer trains as a distil source only', () => {
    const task = taskAt(11, { lambda: 0 });
    expect(task.exits.map(({ after }) => after)).toEqual(['segment-2']);
    expect(task.exits[0]?.distils).toMatchObject([{ distilFrom: byHead }]);
    expect(task.trains).toEqual(['segment-1', 'segment-2']);
    expect(taskMacs(smallModel, task)).toBe(3 * 1_400 + 30);
  });

  it('from the freeze point on trains the teacher on features, its frozen student a distil source still', () => {
    expect(taskAt(15, { freezeAt: 0.75 }).role).toBe('whole');
    expect(taskAt(16, { freezeAt: 0.75 })).toMatchObject({
      role: 'teacher',
      frozen: ['segment-1'],
      path: ['segment-2'],
      exits: [{ after: 'segment-2', labelWeight: 1, distils: [{ distilFrom: byHead }] }],
      trains: ['segment-2'],
    });
    expect(taskMacs(smallModel, taskAt(16, { freezeAt: 0.75 }))).toBe(1_000 + 3 * 400 + 30);
  });

  it('lets the rate of the student and its head come to zero at the freeze point, the teacher’s at the end', () => {
    const { schedule } = taskAt(15, { freezeAt: 0.75 });
    const endRates = ['segment-1', 'head-1', 'segment-2'].map(id => rateAt(schedule, id, 1));
    expect(endRates.slice(0, 2)).toEqual([0, 0]);
    expect(endRates[2]).toBeCloseTo(0.025 * (1 + Math.cos(0.75 * Math.PI)), 12);
    expect(rateAt(schedule, 'segment-1', 0)).toBeCloseTo(0.025 * (1 + Math.cos((Math.PI * 0.7) / 0.75)), 12);
  });
});

describe('growing-together in three segments', () => {
  const outline = chainOutline(3);
  const plan = { growAt: 0.4, freezeAt: 0.6 };

  it.each([
    [1, 'student', [], ['segment-1'], ['head-1']],
    [5, 'student', [], ['segment-1', 'segment-2'], ['head-1', 'head-2']],
    [9, 'whole', [], ['segment-1', 'segment-2', 'segment-3'], ['head-1', 'head-2']],
    [13, 'teacher', ['segment-1'], ['segment-2', 'segment-3'], ['head-2']],
    [17, 'teacher', ['segment-1', 'segment-2'], ['segment-3'], []],
  ])('in round %i of 20 the %s has frozen %o and trains %o with %o', (round, role, frozen, path, heads) => {
    expect(taskAt(round, plan, outline)).toMatchObject({ role, frozen, path, trains: [...path, ...heads] });
  });

  it('distils of the exits before only the last', () => {
    const rivalsAt = (round: number) =>
      taskAt(round, plan, outline)
        .exits.at(-1)
        ?.distils.map(({ distilFrom }) => distilFrom.after);
    expect(rivalsAt(9)).toEqual(['segment-2']);
    expect(rivalsAt(13)).toEqual(['segment-2']);
    expect(rivalsAt(17)).toEqual(['segment-2']);
  });

  it('is judged by the head of what has grown so far', () => {
    const judgedAt = (round: number) => judgedSegments(specOf(plan), outline, round);
    expect(judgedAt(1)).toEqual(['segment-1', 'head-1']);
    expect(judgedAt(5)).toEqual(['segment-1', 'segment-2', 'head-2']);
    expect(judgedAt(9)).toEqual(['segment-1', 'segment-2', 'segment-3']);
  });
});

describe('growing-together with the sum of all logits', () => {
  const sum = { answer: 'sum', growAt: 0.4 } as const;
  const outline = chainOutline(3);
  const [first, second, third] = [
    { after: 'segment-1', through: ['head-1'] },
    { after: 'segment-2', through: ['head-2'] },
    { after: 'segment-3', through: [] },
  ];

  it('adds to every exit those before it, as what is trained and as what is distilled from, and trains all their heads', () => {
    const task = taskAt(9, { ...sum, lambda: 0.3, beta: 0.4 }, outline);
    const before = { ...second, plus: [first] };
    expect(task.exits).toEqual([
      { ...first, labelWeight: 0.3, distils: [] },
      { ...before, labelWeight: 0.3, distils: [] },
      {
        ...third,
        plus: [second, first],
        labelWeight: 1,
        distils: [{ distilFrom: before, weight: 0.4, temperature: 2, gated: true }],
      },
    ]);
    expect(task.trains).toEqual(['segment-1', 'segment-2', 'segment-3', 'head-1', 'head-2']);
  });

  it('costs every head once, however many sums it is in', () => {
    expect(taskMacs(outline, taskAt(9, sum, outline))).toBe(3 * (6_000 + 30 + 60));
  });

  it('trains the heads without a loss of their own too, by the sum they are in', () => {
    const task = taskAt(9, { ...sum, lambda: 0, beta: 0 }, outline);
    expect(task.exits.map(({ after }) => after)).toEqual(['segment-3']);
    expect(task.trains).toEqual(['segment-1', 'segment-2', 'segment-3', 'head-1', 'head-2']);
  });

  it('adds the exit of the frozen student of two: its head, which no gradient crosses, is run forward only', () => {
    const task = taskAt(16, { answer: 'sum', freezeAt: 0.75, beta: 0 });
    expect(task).toMatchObject({ frozen: ['segment-1'], trains: ['segment-2'] });
    expect(task.exits).toMatchObject([{ after: 'segment-2', plus: [first] }]);
    expect(taskMacs(smallModel, task)).toBe(1_000 + 3 * 400 + 30);
  });

  it('is judged by the sum of what has grown so far', () => {
    const judgedAt = (round: number) => judgedSegments(specOf(sum), outline, round);
    expect(judgedAt(1)).toEqual(['segment-1', 'head-1']);
    expect(judgedAt(5)).toEqual(['segment-1', 'segment-2', 'head-2', 'head-1']);
    expect(judgedAt(9)).toEqual(['segment-1', 'segment-2', 'segment-3', 'head-2', 'head-1']);
  });
});
