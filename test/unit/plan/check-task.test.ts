import { describe, expect, it } from 'vitest';
import { isMeasuredWhole } from '../../../shared/federation/check/measured-versions.ts';
import { checkTask, isMeasuredAt, measuredWithout } from '../../../shared/plan/check-task.ts';
import { undrawnTasks } from '../../../shared/plan/plan-tasks.ts';
import { smallConfig, threeSegments } from '../federation/small-run.ts';

describe('what a referee measures', () => {
  it('[CHECK3] covers each head that a task of the round teaches', () => {
    const { spec, model } = smallConfig({ plan: { name: 'deep-supervision' } }, threeSegments);
    const { exits, path } = checkTask(spec, model, 1);
    expect(path).toEqual(['segment-1', 'segment-2', 'segment-3']);
    expect(exits.map(({ after, through }) => [after, ...through].join())).toEqual(
      expect.arrayContaining(['segment-3', 'segment-1,head-1', 'segment-2,head-2']),
    );
    for (const { distils } of exits) expect(distils).toEqual([]);
  });

  it('[CHECK3] measures an exit without what tasks make that teach another, for that suits it only later', () => {
    const { spec, model } = smallConfig({ plan: { name: 'layer-to-layer' } }, threeSegments);
    const without = checkTask(spec, model, 1).exits.map(
      exit => [exit.after, [...measuredWithout(spec, model, 1, exit)].toSorted()] as const,
    );
    expect(Object.fromEntries(without)).toEqual({
      'segment-1': ['head-2', 'segment-2', 'segment-3'],
      'segment-2': ['head-1', 'segment-1', 'segment-3'],
      'segment-3': ['head-1', 'head-2', 'segment-1', 'segment-2'],
    });
    expect(isMeasuredWhole({ spec, model }, 1)).toBe(false);
  });

  it('[CHECK3] [CHECK7] measures everything at each exit that one task teaches, or that is of a task which teaches none', () => {
    const { spec, model } = smallConfig({ plan: { name: 'deep-supervision' } }, threeSegments);
    expect(isMeasuredWhole({ spec, model }, 1)).toBe(true);
    const { exits } = checkTask(spec, model, 1);
    const [first] = exits;
    if (!first) throw new Error('nothing is measured');
    const [task] = undrawnTasks(spec, model, 1);
    const mute = task && { ...task, exits: task.exits.map(exit => ({ ...exit, labelWeight: 0 })) };
    expect(mute && isMeasuredAt(mute, first)).toBe(true);
  });
});
