import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../client/trainer/backends/start-backend.ts';
import { createTrainer } from '../../../../client/trainer/create-trainer.ts';
import { type BenchData, loadData } from '../../../bench/learning/bench-data.ts';
import { WorkPlanner } from '../../../bench/learning/plan-work.ts';
import { runAlone } from '../../../bench/learning/run-alone.ts';
import { runFederated } from '../../../bench/learning/run-federated.ts';
import type { LearningFlags } from '../../../bench/learning/settings/learning-flags.ts';
import { tinyRuns } from './tiny-runs.ts';

let data: BenchData;
beforeAll(async () => {
  await startBackend({ backend: 'wasm' });
  data = await loadData('glyphs', 200, 'dev');
});

describe('the exits of a run', () => {
  const exitsOf = async (plans: string, flags: LearningFlags = {}) => {
    const [run] = tinyRuns({ plans, seeds: '1,', budget: '1', ...flags });
    if (!run) throw new Error('no run');
    const trainer = createTrainer();
    await trainer.start({ backend: 'wasm' });
    const { accuracy, exits } = run.federated
      ? await runFederated(run, run.federated, data, trainer)
      : await runAlone(run, data);
    return { accuracy, exits };
  };

  it.each([
    ['conventional', ['last']],
    ['student-alone', ['student']],
    ['layer-to-layer-through:warmUp=0.5', ['last']],
    ['layer-to-layer', ['student', 'last', 'sum', 'ensemble']],
    ['joint-self-distillation', ['student', 'last', 'sum', 'ensemble']],
    ['joint-self-distillation:segments=3', ['student', 'exit-2', 'last', 'sum', 'ensemble']],
    ['momentum-auxiliary', ['student', 'last', 'sum', 'ensemble']],
  ])('of %s are those that it trained: %j', async (plans, names) => {
    const models = plans.includes('segments') ? { models: 'cnn-5' } : {};
    expect(Object.keys((await exitsOf(plans, models)).exits)).toEqual(names);
  });

  it.each(['last', 'sum', 'ensemble'])('have the plan’s own answer among them: %s', async answer => {
    const { accuracy, exits } = await exitsOf(`joint-self-distillation:answer=${answer}`, { budget: '4' });
    expect(exits[answer]).toBe(accuracy);
    expect(new Set(Object.values(exits)).size).toBeGreaterThan(1);
  });
});

describe('a crowd whose devices differ', () => {
  const crowd = {
    federated: true,
    volunteers: '4',
    own: true,
    match: 'rounds',
    budget: '3',
    seeds: '1,',
  } as const;
  const unequal = { ...crowd, 'lease-examples': undefined, devices: '0.5:1,0.5:whole' };
  const runOf = async (plans: string, flags: LearningFlags = unequal, isAllStrong = false) => {
    const [run] = tinyRuns({ ...flags, plans });
    const trainer = createTrainer();
    await trainer.start({ backend: 'wasm' });
    if (!run?.federated) throw new Error('not federated');
    const outcome = await runFederated({ ...run, isAllStrong }, run.federated, data, trainer);
    const planned = await new WorkPlanner().plan({ ...run, isAllStrong }, data.train);
    expect(outcome.macs).toBe(planned.macs);
    expect(outcome.rounds).toBe(3);
    return { ...outcome, roles: Object.keys(outcome.peakMemoryMBByRole).toSorted() };
  };

  it('trains what each device has room for, each on its own pictures, at the cost that was reckoned', async () => {
    const depth = await runOf('depth-federated');
    expect(depth.roles).toEqual(['student', 'whole']);
    expect(Object.keys(depth.exits)).toEqual(['student', 'last', 'sum', 'ensemble']);
    const { student = 0, whole = 0 } = depth.peakMemoryMBByRole;
    expect(student).toBeLessThan(whole);
    expect(Object.keys(depth.macsByRole)).toEqual(['student', 'whole']);
    const costs = [depth.macsByRole, depth.uploadMBByRole].map(({ student: light = 0, whole: heavy = 0 }) => [
      light,
      heavy,
    ]);
    for (const [light, heavy] of costs) expect(light).toBeLessThan(heavy ?? 0);
    // Two of each a round.
    expect(costs[0]?.map(macs => 2 * 3 * macs).reduce((sum, macs) => sum + macs)).toBe(depth.macs);
    const strongOnly = await runOf('conventional');
    const allStrong = await runOf('conventional', unequal, true);
    const allShallow = await runOf('student-alone');
    expect([strongOnly.roles, allStrong.roles, allShallow.roles]).toEqual([
      ['whole'],
      ['whole'],
      ['student'],
    ]);
    // Half of the volunteers send the whole network; the mean is over all of them.
    expect(strongOnly.uploadMB / allStrong.uploadMB).toBeCloseTo(0.5, 2);
    expect(strongOnly.macs).toBe(allStrong.macs / 2);
    expect(depth.uploadMB).toBeGreaterThan(strongOnly.uploadMB);
    expect(depth.uploadMB).toBeLessThan(allStrong.uploadMB);
  });

  it('trains the whole network on every device if nothing is said of them', async () => {
    const { devices: _, ...equal } = unequal;
    expect((await runOf('depth-federated', equal)).roles).toEqual(['whole']);
  });
});
