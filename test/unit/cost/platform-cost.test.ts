import { describe, expect, it } from 'vitest';
import { costTable, measured, platformCost, runSize } from '../../../shared/cost/platform-cost.ts';
import type { Units } from '../../../shared/cost/platform-prices.ts';
import { addCosts, type Kind, noCost } from '../../bench/cost/cost.ts';
import { measuredCosts } from '../../bench/cost/measured-costs.ts';
import { unitsOf } from '../../bench/cost/prices.ts';
import { tinyRequest } from '../../support/tiny-run.ts';

const { spec, model } = tinyRequest();

const { costs, answers, volunteers } = measuredCosts();
const sum = (kinds: readonly Kind[]) => kinds.map(kind => costs[kind] ?? noCost).reduce(addCosts, noCost);

it('the counted units are those that the bench has written down', () => {
  const ofAnswers = sum(['grant', 'update', 'report', 'fold', 'publish', 'evaluate', 'alarm']);
  const { count, ...units } = measured.answers;
  // Each answer is a lease and an update from outside.
  expect([count, units]).toEqual([answers, unitsOf(ofAnswers, 2 * answers)]);
  const { count: came, ...arriving } = measured.arrivals;
  // Each is a join and a socket from outside.
  expect([came, arriving]).toEqual([volunteers, unitsOf(sum(['join', 'socket']), 2 * volunteers)]);
});

describe('the size of a run', () => {
  it('is that of its network, its leases and its updates', () => {
    expect(runSize(spec, model)).toMatchObject({
      ...{ rounds: 3, keepRounds: 50, roles: 2, shards: 3 },
      versionBytes: 4 * (9 + 6 + 40),
    });
  });
});

describe('what a run costs', () => {
  const size = {
    ...{ rounds: 60, keepRounds: 0, roles: 1, shards: 2, filesALease: 2 },
    ...{ versionBytes: 1_000_000, updateBytes: 500_000 },
  };

  it('is by hand: an hour of ten volunteers', () => {
    const { hours, objectsUSD, keptGB, keptUSDAMonth } = platformCost(size, 10);
    expect(hours).toBe(1);
    // A coordinator, a cohort and a relay, each of 128 MB for an hour.
    expect(objectsUSD).toBeCloseTo((3 * 0.128 * 3_600 * 12.5) / 1e6, 10);
    // 60 rounds of ten updates, and 61 versions.
    expect(keptGB).toBeCloseTo(0.361, 10);
    expect(keptUSDAMonth).toBeCloseTo(0.361 * 0.015, 10);
  });

  it('has every unit that has a price', () => {
    const names: (keyof Units)[] = [
      ...(['objectRowsWritten', 'objectRowsRead', 'objectRequests', 'r2ClassA', 'r2ClassB'] as const),
      ...(['d1RowsWritten', 'd1RowsRead', 'workerRequests'] as const),
    ];
    for (const name of names) expect(measured.answers[name]).toBeGreaterThan(0);
  });

  it('grows with the crowd, and large updates cost more calls', () => {
    const table = costTable(spec, model);
    expect(table.map(row => row.volunteers)).toEqual([10, 1_000, 100_000]);
    for (const [i, row] of table.entries())
      if (i > 0) expect(row.runUSD).toBeGreaterThan((table[i - 1]?.runUSD ?? 0) * 10);
    const large = { ...size, updateBytes: 2_000_000 };
    // Each of 600 updates is written to R2 and read there.
    expect(platformCost(large, 10).callsUSD - platformCost(size, 10).callsUSD).toBeCloseTo(
      (600 * (4.5 + 0.36)) / 1e6,
      10,
    );
  });
});
