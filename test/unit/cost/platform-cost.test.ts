import { describe, expect, it } from 'vitest';
import { measuredActs } from '../../../shared/cost/acts.ts';
import { costTable, platformCost } from '../../../shared/cost/platform-cost.ts';
import { runSize } from '../../../shared/cost/run-size.ts';
import { actsOf } from '../../bench/cost/acts-of.ts';
import { measuredAlone, measuredCosts } from '../../bench/cost/measured-costs.ts';
import { tinyRequest } from '../../support/tiny-run.ts';

const { spec, model } = tinyRequest();

it('what an act uses is what the bench has written down', () => {
  expect(measuredActs).toEqual(actsOf(measuredCosts(), measuredAlone()));
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

  it('grows with the crowd, and large updates cost more calls', () => {
    const table = costTable(spec, model);
    expect(table.map(row => row.volunteers)).toEqual([10, 1_000, 100_000]);
    for (const [i, row] of table.entries())
      if (i > 0) expect(row.runUSD).toBeGreaterThan((table[i - 1]?.runUSD ?? 0) * 10);
    const large = { ...size, updateBytes: 2_000_000 };
    // Each of 600 updates is written to R2 and read there, and its cohort is asked once more. Smaller ones are put together into files of 4 MB.
    expect(platformCost(large, 10).callsUSD - platformCost(size, 10).callsUSD).toBeCloseTo(
      (600 * (4.5 + 0.36 + 0.15) - 75 * 4.5) / 1e6,
      10,
    );
  });
});
