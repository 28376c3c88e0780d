import { describe, expect, it } from 'vitest';
import { kindOf, kindsOverRun, tasksOverRun } from '../../../shared/plan/kinds-over-run.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import { type PlanName, planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { smallModel, smallSpec } from '../federation/small-run.ts';
import { chainOutline } from './outlines.ts';

const specOf = (name: PlanName, change: object = {}): RunSpec =>
  smallSpec({ plan: planSpecSchema.parse({ ...change, name }), rounds: 20, training: { batch: 10 } });
const rolesOf = (spec: RunSpec, outline = smallModel): string[] =>
  tasksOverRun(spec, outline).map(({ role }) => role);

describe('the tasks of a whole run', () => {
  it.each([
    ['conventional', {}, ['whole']],
    ['layer-to-layer', {}, ['student', 'segment-2', 'teacher']],
    ['layer-to-layer', { turns: 'together' }, ['whole', 'teacher']],
    ['aug-local', { turns: 'alternate' }, ['student', 'segment-2', 'teacher']],
    ['layer-to-layer-through', {}, ['whole', 'teacher', 'segment-2', 'student']],
    ['growing', {}, ['student', 'segment-2', 'teacher']],
    ['deep-supervision', {}, ['whole']],
  ] as const)('of %s %o are of these kinds, each once', (name, change, roles) => {
    expect(rolesOf(specOf(name, change), chainOutline(3))).toEqual(roles);
  });

  it('tell a role’s stages apart: a student of one segment, then of two, the teacher of two, then of one', () => {
    const spec = specOf('growing-together', { freezeAt: 0.6 });
    expect(rolesOf(spec, chainOutline(3))).toEqual(['student', 'student', 'whole', 'teacher', 'teacher']);
  });

  it('tell the last round that gives one of a kind', () => {
    const lastOf = (name: PlanName, change: object = {}) =>
      kindsOverRun(specOf(name, change), chainOutline(2)).map(({ task: { role }, lastRound }) => [
        role,
        lastRound,
      ]);
    expect(lastOf('layer-to-layer')).toEqual([
      ['student', 14],
      ['teacher', 20],
    ]);
    expect(lastOf('aug-local', { turns: 'alternate' })).toEqual([
      ['student', 19],
      ['teacher', 20],
    ]);
  });

  it('are counted by stages of rounds, if the plan tells them', () => {
    const spec = specOf('depth-federated', { distilAt: 0.5, correction: 1 });
    const told = kindsOverRun(spec, chainOutline(2)).map(({ task, firstRound, lastRound, rounds }) => [
      task.role,
      ...[firstRound, lastRound, rounds],
    ]);
    // A student alone has nobody to learn from, before and after.
    expect(told).toEqual([
      ['student', 1, 20, 20],
      ['whole', 1, 10, 10],
      ['whole', 11, 20, 10],
    ]);
  });

  it('are those of the model asked about, asked again or anew', () => {
    const spec = specOf('growing');
    expect(rolesOf(spec, chainOutline(4))).toHaveLength(4);
    expect(rolesOf(spec, chainOutline(2))).toHaveLength(2);
    expect(tasksOverRun(spec, smallModel)).toEqual(tasksOverRun({ ...spec }, smallModel));
  });

  it('differ by what is added to an exit, and not by its weight', () => {
    const taskWith = (answer: string, lambda: number) => {
      const [task] = planTasks(specOf('growing-together', { answer, lambda }), smallModel, 20);
      return task && kindOf(task);
    };
    expect(taskWith('sum', 0.5)).not.toBe(taskWith('last', 0.5));
    expect(taskWith('sum', 0.5)).toBe(taskWith('sum', 0.4));
  });
});
