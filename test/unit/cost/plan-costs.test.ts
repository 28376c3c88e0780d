import { describe, expect, it } from 'vitest';
import type { Use } from '../../../shared/cost/crowd-use.ts';
import { type Billed, planCosts } from '../../../shared/cost/plan-costs.ts';

const nothing: Use = {
  ...{ workerRequests: 0, objectRequests: 0, objectGBSeconds: 0, objectRowsWritten: 0, objectRowsRead: 0 },
  ...{ d1RowsWritten: 0, d1RowsRead: 0, r2ClassA: 0, r2ClassB: 0, objectGB: 0, r2GB: 0 },
};

const lineOf = (use: Partial<Use>, name: Billed, days = 20) =>
  planCosts({ ...nothing, ...use }, 60, days).lines.find(line => line.name === name);

describe('the free plan', () => {
  it('does if nothing of it is used up, and lasts for ever then', () => {
    const costs = planCosts({ ...nothing, workerRequests: 60_000, objectRowsWritten: 90_000 }, 60, 20);
    expect(costs).toMatchObject({ fits: true, lastsMinutes: Number.POSITIVE_INFINITY, paidUSDAMonth: 5 });
    expect(costs.first).toMatchObject({ name: 'objectRowsWritten', share: 0.9, free: 100_000 });
  });

  it('ends in the midst of the day when the first thing is used up', () => {
    const costs = planCosts({ ...nothing, workerRequests: 250_000, objectRequests: 400_000 }, 60, 20);
    expect(costs).toMatchObject({
      fits: false,
      lastsMinutes: 15,
      first: { name: 'objectRequests', share: 4 },
    });
  });

  it('counts calls of R2 by the month, and so it may end on a later day', () => {
    const costs = planCosts({ ...nothing, r2ClassA: 100_000 }, 60, 20);
    expect(costs).toMatchObject({ fits: false, lastsMinutes: Number.POSITIVE_INFINITY });
    expect(costs.first).toMatchObject({ name: 'r2ClassA', freePer: 'month', used: 2_000_000, share: 2 });
  });

  it('counts what lies there at the end of the month', () => {
    expect(lineOf({ objectGB: 0.5 }, 'objectGB')).toMatchObject({ used: 10, free: 5, share: 2 });
  });
});

describe('the paid plan', () => {
  it('is paid beyond what it includes', () => {
    // 20 million requests, of which 10 are included, at 0.30 dollars.
    expect(lineOf({ workerRequests: 1_000_000 }, 'workerRequests')?.paidUSD).toBeCloseTo(3, 10);
    // 1.5 million requests to objects, of which one is included, at 0.15 dollars.
    expect(lineOf({ objectRequests: 75_000 }, 'objectRequests')?.paidUSD).toBeCloseTo(0.075, 10);
    expect(lineOf({ objectGBSeconds: 20_000 }, 'objectGBSeconds')?.paidUSD).toBe(0);
    // 10 GB in objects, of which 5 are included, at 0.20 dollars.
    expect(lineOf({ objectGB: 0.5 }, 'objectGB')?.paidUSD).toBeCloseTo(1, 10);
  });

  it('is paid for each million calls of R2 and each GB there that is begun', () => {
    expect(lineOf({ r2ClassA: 1_000_001 }, 'r2ClassA', 1)?.paidUSD).toBeCloseTo(4.5, 10);
    expect(lineOf({ r2GB: 10.1 }, 'r2GB', 1)?.paidUSD).toBeCloseTo(0.015, 10);
  });

  it('is its own price and all of these', () => {
    const { paidUSDAMonth } = planCosts({ ...nothing, workerRequests: 1_000_000, objectGB: 0.5 }, 60, 20);
    expect(paidUSDAMonth).toBeCloseTo(5 + 3 + 1, 10);
  });
});
