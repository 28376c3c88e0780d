import { describe, expect, it } from 'vitest';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { taskMemoryBytes } from '../../../shared/plan/cost/memory.ts';
import { fitsDevices, networkFor, planTasks } from '../../../shared/plan/plan-tasks.ts';
import { rateAt } from '../../../shared/plan/task/schedule.ts';
import { parametersOf, segmentById } from '../../../shared/protocol/model-outline.ts';
import { planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import { smallSpec } from '../federation/small-run.ts';
import { chainOutline } from './outlines.ts';

const ROUNDS = 20;
const tasksOf = (count: number, round: number, settings: object = {}) =>
  planTasks(
    smallSpec({ plan: planSpecSchema.parse({ name: 'depth-federated', ...settings }), rounds: ROUNDS }),
    chainOutline(count),
    round,
  );

const exit1 = { after: 'segment-1', through: ['head-1'] };
const exit2 = { after: 'segment-2', through: ['head-2'] };
const exit3 = { after: 'segment-3', through: [] };
const from = (distilFrom: object, weight: number) => ({ distilFrom, weight, temperature: 2, gated: true });

describe('depth-federated', () => {
  it('has a task for every depth: the first segments with all exits in them', () => {
    expect(tasksOf(3, 1)).toMatchObject([
      { role: 'student', path: ['segment-1'], trains: ['segment-1', 'head-1'] },
      {
        role: 'depth-2',
        path: ['segment-1', 'segment-2'],
        trains: ['segment-1', 'segment-2', 'head-1', 'head-2'],
      },
      {
        role: 'whole',
        path: ['segment-1', 'segment-2', 'segment-3'],
        trains: ['segment-1', 'segment-2', 'segment-3', 'head-1', 'head-2'],
      },
    ]);
  });

  it('lets every exit learn from the labels and from the others of its task', () => {
    const [student, , whole] = tasksOf(3, 1, { lambda: 0.8, alpha: 0.2, beta: 0.6 });
    expect(student?.exits).toEqual([{ ...exit1, labelWeight: 1, distils: [] }]);
    expect(whole?.exits).toEqual([
      { ...exit1, labelWeight: 0.8, distils: [from(exit2, 0.1), from(exit3, 0.1)] },
      { ...exit2, labelWeight: 0.8, distils: [from(exit3, 0.2), from(exit1, 0.6)] },
      { ...exit3, labelWeight: 1, distils: [from(exit1, 0.3), from(exit2, 0.3)] },
    ]);
  });

  it('lets the whole network learn from a student’s exit that its own task does not train', () => {
    const [student, whole] = tasksOf(2, 1, { lambda: 0, alpha: 0, beta: 0.5 });
    expect(student?.trains).toEqual(['segment-1', 'head-1']);
    expect(whole?.trains).toEqual(['segment-1', 'segment-2']);
    expect(whole?.exits).toMatchObject([{ after: 'segment-2', distils: [from(exit1, 0.5)] }]);
  });

  it('lets exits learn from the labels alone until they know something', () => {
    const distilsAt = (round: number) =>
      tasksOf(2, round, { distilAt: 0.5, alpha: 1 })[1]?.exits[0]?.distils.map(({ weight }) => weight);
    expect([1, 10, 11, 20].map(distilsAt)).toEqual([[], [], [1], [1]]);
  });

  it('may train all segments but the last, and their heads, at a rate of their own', () => {
    for (const { schedule } of tasksOf(3, 1, { earlyRate: 4 })) {
      const rates = ['segment-1', 'segment-2', 'head-1', 'head-2', 'segment-3'].map(id =>
        rateAt(schedule, id, 0),
      );
      expect(rates).toEqual([0.2, 0.2, 0.2, 0.2, 0.05]);
    }
    expect(tasksOf(3, 1)[0]?.schedule).not.toHaveProperty('factors');
  });

  it('says how strongly drift is corrected, in every task or in none, and asks for the room', () => {
    const outline = chainOutline(3);
    const [plain, corrected] = [tasksOf(3, 1), tasksOf(3, 1, { correction: 0.1 })];
    expect(corrected).toEqual(plain.map(task => ({ ...task, correction: 0.1 })));
    for (const task of plain) {
      expect(task).not.toHaveProperty('correction');
      const trained = task.trains.reduce((sum, id) => sum + parametersOf(segmentById(outline, id)), 0);
      const bytes = taskMemoryBytes(outline, { ...task, correction: 0.1 }, 8);
      expect(bytes - taskMemoryBytes(outline, task, 8)).toBe(4 * trained);
    }
  });

  it('is heavier at every depth, in memory and in arithmetic', () => {
    const outline = chainOutline(4);
    const tasks = tasksOf(4, 20);
    for (const cost of [
      tasks.map(task => taskMacs(outline, task)),
      tasks.map(task => taskMemoryBytes(outline, task, 8)),
    ])
      expect(cost).toEqual(cost.toSorted((a, b) => a - b));
  });

  it('fits its tasks to devices, as plans whose tasks go in turn do not', () => {
    expect(fitsDevices(planSpecSchema.parse({ name: 'depth-federated' }))).toBe(true);
    expect(fitsDevices(planSpecSchema.parse({ name: 'layer-to-layer' }))).toBe(false);
  });

  it('keeps the heads in the network if they answer', () => {
    const kept = (answer: string) =>
      networkFor(planSpecSchema.parse({ name: 'depth-federated', answer })).keepsHeads;
    expect(['last', 'sum', 'ensemble'].map(kept)).toEqual([false, 'sum', 'ensemble']);
  });
});
