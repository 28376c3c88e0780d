import { describe, expect, it } from 'vitest';
import { pairedDifference, spreadOf, tQuantile } from '../../../bench/learning/report/statistics.ts';

describe('a spread', () => {
  it('is the mean and the sample deviation', () => {
    // Deviations −2, 0, 2: (4 + 0 + 4) / 2 = 4.
    expect(spreadOf([3, 5, 7])).toEqual({ count: 3, mean: 5, deviation: 2 });
  });

  it('has no deviation of one value, and no mean of none', () => {
    expect(spreadOf([3])).toEqual({ count: 1, mean: 3, deviation: Number.NaN });
    expect(spreadOf([])).toEqual({ count: 0, mean: Number.NaN, deviation: Number.NaN });
  });
});

describe('a paired difference', () => {
  const baseline = new Map([
    [1, 10],
    [2, 20],
    [3, 30],
    [9, 99],
  ]);

  it('is that of equal seeds, with the 95 % interval of Student', () => {
    const candidate = new Map([
      [3, 33],
      [2, 22],
      [1, 11],
      [4, 0],
    ]);
    // Differences 1, 2, 3: mean 2, deviation 1; 4.303 · 1 / √3.
    const difference = pairedDifference(baseline, candidate);
    expect(difference).toMatchObject({ pairs: 3, mean: 2 });
    expect(difference?.margin).toBeCloseTo(4.303 / Math.sqrt(3), 10);
  });

  it('has no interval of one pair, and is none without any', () => {
    expect(pairedDifference(baseline, new Map([[2, 25]]))).toEqual({ pairs: 1, mean: 5, margin: Number.NaN });
    expect(pairedDifference(baseline, new Map([[7, 25]]))).toBeNull();
  });
});

describe("Student's t", () => {
  it.each([
    [1, 12.706],
    [2, 4.303],
    [4, 2.776],
    [30, 2.042],
    [40, 2.021],
    [60, 2.0],
    [120, 1.98],
  ])('of %i degrees of freedom is %f', (freedom, value) => {
    expect(tQuantile(freedom)).toBeCloseTo(value, 3);
  });

  it('is none of none', () => {
    expect(tQuantile(0)).toBeNaN();
  });
});
