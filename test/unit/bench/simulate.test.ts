import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { billedRows, noCost } from '../../bench/cost/cost.ts';
import { measuredCosts } from '../../bench/cost/measured-costs.ts';
import { costOf, storageOpsOf, usedBy } from '../../bench/simulated-cost.ts';

const nothing = {
  ...{ joins: 0, polls: 0, grants: 0, answers: 0, evaluations: 0, refusals: 0, releases: 0 },
  ...{ sockets: 0, downloads: 0, versions: 0, largeUpdates: 0, alarms: 0 },
};

test('a million downloads of one shard cost a request to the Worker and a read each', () => {
  const used = usedBy({ ...nothing, downloads: 1_000_000 }, 1_000);
  expect(storageOpsOf(used)).toBe(1_000_000);
  expect(costOf(used, 0)).toBeCloseTo(0.3 + 0.36, 9);
});

test('a poll in vain costs two requests and no row', () => {
  const used = usedBy({ ...nothing, polls: 1_000_000 }, 1_000);
  expect(storageOpsOf(used)).toBe(0);
  expect(costOf(used, 0)).toBeCloseTo(0.3 + 0.15, 9);
});

test('the run that was measured costs what was measured', () => {
  const { costs, answers, rounds, volunteers } = measuredCosts();
  const [updates, polls] = [costs.update?.calls ?? 0, costs['poll in vain']?.calls ?? 0];
  const demand = {
    ...{ joins: volunteers, sockets: volunteers, polls },
    ...{ grants: answers, answers: updates, versions: rounds },
  };
  const used = usedBy({ ...nothing, ...demand, evaluations: answers - updates }, 1_000);
  // All but the creation. That run had one role: its version has four folds fewer than here.
  const counted = Object.entries(costs).filter(([kind]) => kind !== 'create');
  const oneRole = ['fold', 'alarm'] as const;
  const extra = oneRole.reduce((sum, kind) => sum + billedRows(costs[kind] ?? noCost), 0);
  const rows = counted.reduce((sum, [, cost]) => sum + billedRows(cost ?? noCost), 0);
  expect(used.objectRowsWritten).toBeCloseTo(rows + extra, 9);
  expect(used.d1RowsWritten).toBe(costs.publish?.d1RowsWritten);
});

test('an hour in which nobody asks costs the objects that are awake', () => {
  // Four objects of 0.128 GB for 3,600 s, at 12.50 $ a million GB-s.
  expect(costOf(usedBy(nothing, 1_000), 3_600)).toBeCloseTo(0.02304, 9);
});

const simulate = (...args: string[]) =>
  spawnSync(process.execPath, ['test/bench/simulate.ts', ...args], { encoding: 'utf8' });

test('the program writes a row for each combination that was asked for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'homeroom-simulate-'));
  try {
    const file = join(folder, 'rows.json');
    const ended = simulate('--volunteers', '4,6', '--rounds', '2', '--dropout', '0,0.2', '--json', file);
    expect([ended.stderr, ended.status]).toEqual(['', 0]);
    const { name, results } = JSON.parse(readFileSync(file, 'utf8'));
    expect(name).toBe('simulate');
    const asked = [
      [4, 0],
      [4, 0.2],
      [6, 0],
      [6, 0.2],
    ];
    expect(results.map((row: Record<string, unknown>) => [row.volunteers, row.dropout])).toEqual(asked);
    expect(results[0]).toMatchObject({
      rounds: 2,
      accepted: expect.any(Number),
      costUSD: expect.any(Number),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [['--dropout', '1'], /--dropout takes a chance/],
  [['--volunteers', '-1'], /^Option '--volunteers' .* use '--volunteers=-XYZ'\.\n$/],
  [['--volunteers', '0'], /--volunteers takes a whole number/],
  [['--volunteers', ','], /--volunteers is empty/],
  [['--goal', '501'], /--goal takes at most 500/],
  [['--cohorts', '65'], /--cohorts takes at most 64, got 65/],
  [['--policy', 'hasty'], /--policy takes synchronous or buffered/],
  [['--plan', 'none'], /--plan takes one of/],
  [['--plan', 'momentum-auxiliary'], /--plan: momentum-auxiliary wants a moving average/],
  [['--seed', 'x'], /--seed takes a whole number/],
  [['--jsn', 'x'], /--jsn/],
])('%s is refused in one line', (args, message) => {
  const { status, stderr } = simulate(...args);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
