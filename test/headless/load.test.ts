import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { runScenario } from '../bench/load/run-scenario.ts';
import type { Scenario } from '../bench/load/scenarios.ts';
import { boundMs } from '../support/patience.ts';

const small: Scenario = {
  ...{ name: 'small', volunteers: 3, goal: 3, parameters: 5_000, segments: 1 },
  ...{ rounds: 2, codec: 'f32', trainMs: [0, 10], arrivalMs: 10 },
};

const play = (scenario: Scenario, rounds: number) =>
  runScenario(scenario, { cohorts: 1, rounds, patienceMs: boundMs(30_000), onRound: () => {} });

test('a small load brings out its versions, and is told in a row', async () => {
  const row = await play(small, 2);
  expect(row).toMatchObject({ rounds: 2, errors: 0, errorsBy: {} });
  // On a busy machine one may come too late.
  const refusals = Object.values(row.refusedBy);
  expect(refusals.reduce((sum, count) => sum + count, 0)).toBe(row.refused);
  // The system counts the processor's time in steps of 10 ms.
  const figures = ['publishAfterLastMs', 'roundMs', 'leaseP99Ms', 'updateP99Ms', 'cpuMsARound'] as const;
  for (const figure of figures) expect(row[figure], figure).toBeGreaterThanOrEqual(0);
  expect(row.rssMBLast).toBeGreaterThan(20);
});

test('two updates of each of three segments make a version of all of them', async () => {
  const row = await play({ ...small, volunteers: 6, goal: 6, segments: 3 }, 1);
  expect(row).toMatchObject({ rounds: 1, errors: 0 });
});

test.each([
  [['--scenario', '3x3'], /--scenario takes 2x1M/],
  [['--cohorts', 'x'], /--cohorts takes a whole number/],
  [['--rounds', '0'], /--rounds takes a whole number/],
  [['--json', '/nowhere/x'], /--json: \/nowhere is not a folder/],
])('%s is refused in one line', (args, message) => {
  const { status, stderr } = spawnSync(process.execPath, ['test/bench/load.ts', ...args], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
