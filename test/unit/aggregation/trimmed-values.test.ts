import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregationRules } from '../../../shared/aggregation/rules.ts';
import { trimmedValues } from '../../../shared/aggregation/trimmed-values.ts';
import { propertyRuns } from '../../support/extent.ts';

const rowsOf = (...rows: number[][]): Float32Array[] => rows.map(row => Float32Array.from(row));

function coordinateRule(name: 'trimmed-mean' | 'median') {
  const rule = aggregationRules[name];
  if (rule.kind !== 'by-coordinate') throw new Error(`${name} goes by coordinate`);
  return rule;
}

describe('the trimmed mean of each coordinate', () => {
  test('leaves out the largest and the smallest value, each coordinate by itself (by hand)', () => {
    const rows = rowsOf([1, -5], [2, 100], [4, 0], [-1_000, 3]);
    expect([...trimmedValues(rows, [1, 1, 1, 1], 1)]).toEqual([1.5, 1.5]);
  });

  test('weighs what it keeps by examples, and trims by count', () => {
    // 1 and 9 are kept: (3·1 + 1·9) / 4.
    expect([...trimmedValues(rowsOf([0], [1], [9], [50]), [1_000, 3, 1, 1_000], 1)]).toEqual([3]);
  });

  test('orders values of both signs, zeros and subnormals', () => {
    const values = [-1e30, -1, -1e-45, -0, 0, 1e-45, 2, 1e30];
    const rows = values.map(value => Float32Array.of(value));
    for (let trim = 0; trim < 4; trim++) {
      const kept = values.slice(trim, values.length - trim).map(Math.fround);
      const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
      expect(
        trimmedValues(
          rows,
          values.map(() => 1),
          trim,
        )[0],
      ).toBeCloseTo(mean, 5);
    }
  });

  test('comes to the same bits in any order of updates, and equals a plain sort', () => {
    const update = fc.record({
      value: fc.oneof(fc.float({ noNaN: true, min: -2, max: 2 }), fc.constantFrom(0, 1, -1)),
      weight: fc.constantFrom(1, 2, 0.5),
    });
    const cases = fc
      .array(update, { minLength: 3, maxLength: 60 })
      .chain(all =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.nat()),
      );
    fc.assert(
      fc.property(cases, ([all, shuffled, draw]) => {
        const trim = draw % Math.ceil(all.length / 2);
        const of = (some: typeof all) =>
          trimmedValues(
            some.map(({ value }) => Float32Array.of(value)),
            some.map(({ weight }) => weight),
            trim,
          );
        expect(of(all)).toEqual(of(shuffled));
        const sorted = all.map(({ value }) => value).sort((a, b) => a - b);
        const [least = 0, most = 0] = [sorted[trim], sorted[sorted.length - 1 - trim]];
        expect(of(all)[0]).toBeGreaterThanOrEqual(least - 1e-6);
        expect(of(all)[0]).toBeLessThanOrEqual(most + 1e-6);
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  test('refuses to leave out all', () => {
    expect(() => trimmedValues(rowsOf([1], [2]), [1, 1], 1)).toThrow('cannot be left out twice');
  });
});

const value = fc.float({ noNaN: true, min: -1, max: 1 });
const anything = fc.float({ noNaN: true, min: -64, max: 64 });
const withHostile = fc.integer({ min: 1, max: 4 }).chain(f =>
  fc.integer({ min: 2 * f + 1, max: 2 * f + 6 }).chain(n =>
    fc.record({
      f: fc.constant(f),
      honest: fc.array(value, { minLength: n - f, maxLength: n - f }),
      hostile: fc.array(anything, { minLength: f, maxLength: f }),
    }),
  ),
);

describe.each(['trimmed-mean', 'median'] as const)('%s', name => {
  const rule = coordinateRule(name);

  test('stays between honest values in each coordinate, whatever f of more than 2f send', () => {
    fc.assert(
      fc.property(withHostile, ({ f, honest, hostile }) => {
        const all = [...hostile, ...honest];
        const trim = rule.trim(all.length, Math.min(f, rule.most(all.length)));
        const [result = Number.NaN] = trimmedValues(
          all.map(one => Float32Array.of(one)),
          all.map(() => 7),
          trim,
        );
        expect(result).toBeGreaterThanOrEqual(Math.min(...honest) - 1e-6);
        expect(result).toBeLessThanOrEqual(Math.max(...honest) + 1e-6);
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  test('leaves something, whatever may be hostile', () => {
    for (let n = rule.least; n < 40; n++) expect(2 * rule.trim(n, rule.most(n))).toBeLessThan(n);
  });
});

test('the median of an even number is the mean of the two in the middle', () => {
  const rows = rowsOf([1], [2], [4], [1_000]);
  expect([...trimmedValues(rows, [1, 1, 1, 1], coordinateRule('median').trim(4, 1))]).toEqual([3]);
});
