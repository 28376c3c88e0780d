import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxUpdateWeight } from '../../../shared/aggregation/exact-sum.ts';
import {
  addStatistics,
  emptyStatisticSum,
  meanStatistics,
  mergeStatisticSums,
  type StatisticSum,
} from '../../../shared/aggregation/statistic-sum.ts';
import { LARGEST_VARIANCE } from '../../../shared/protocol/statistic.ts';
import { unwrap } from '../codec/arbitraries.ts';

interface Update {
  readonly values: readonly number[];
  readonly weight: number;
}

const add = (sum: StatisticSum, values: readonly number[], weight: number) =>
  addStatistics(sum, Float32Array.from(values), weight);

const sumOf = (elements: number, updates: readonly Update[]): StatisticSum =>
  updates.reduce((sum, { values, weight }) => unwrap(add(sum, values, weight)), emptyStatisticSum(elements));

const bitsOf = ({ weight, high, low }: StatisticSum): unknown => [
  weight,
  ...[high, low].flatMap(({ reach, sums }) => [reach, ...new BigUint64Array(sums.slice().buffer)]),
];

const elements = 3;
const value = fc.oneof(
  fc.float({ min: -LARGEST_VARIANCE, max: LARGEST_VARIANCE, noNaN: true }),
  fc.float({ min: 0, max: 1, noNaN: true }),
  fc.float({ min: Math.fround(-1e-6), max: Math.fround(1e-6), noNaN: true }),
);
const anyUpdates: fc.Arbitrary<Update[]> = fc.array(
  fc.record({
    values: fc.array(value, { minLength: elements, maxLength: elements }),
    weight: fc.oneof(
      fc.integer({ min: 1, max: maxUpdateWeight }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('a sum of statistics', () => {
  test('is the same to the bit in any order and by any partition into merged sums', () => {
    const scenario = anyUpdates.chain(updates =>
      fc.record({
        updates: fc.constant(updates),
        shuffled: fc.shuffledSubarray(updates, { minLength: updates.length }),
        cut: fc.nat(updates.length),
      }),
    );
    fc.assert(
      fc.property(scenario, ({ updates, shuffled, cut }) => {
        const whole = sumOf(elements, updates);
        const [a, b] = [shuffled.slice(0, cut), shuffled.slice(cut)].map(part => sumOf(elements, part));
        if (!a || !b) throw new Error('two parts');
        const merged = unwrap(mergeStatisticSums(a, b));
        expect(bitsOf(merged)).toEqual(bitsOf(whole));
        expect(meanStatistics(merged)).toEqual(meanStatistics(whole));
      }),
    );
  });

  test('has the mean by examples: (10·6000 + 30·2) / 40 = 1501.5', () => {
    const sum = sumOf(2, [
      { values: [6_000, -8], weight: 10 },
      { values: [2, 8], weight: 30 },
    ]);
    expect(meanStatistics(sum)).toEqual(Float32Array.of(1_501.5, 4));
  });

  test('has a mean next to the true one, of a millionth beside a billion', () => {
    fc.assert(
      fc.property(anyUpdates, updates => {
        const mean = meanStatistics(sumOf(elements, updates)) ?? [];
        // What is weighed is what the sum counts: to 2^-10 of an example.
        const weights = updates.map(({ weight }) => Math.round(weight * 1024) / 1024);
        const whole = weights.reduce((sum, weight) => sum + weight, 0);
        for (let i = 0; i < elements; i++) {
          const terms = updates.map(({ values }, n) => (values[i] ?? 0) * (weights[n] ?? 0));
          const truth = terms.reduce((sum, term) => sum + term, 0) / whole;
          const size = terms.reduce((sum, term) => sum + Math.abs(term), 0) / whole;
          const most = Math.abs(truth) * 2 ** -24 + size * 2 ** -48 + (updates.length * 2 ** -41) / whole;
          expect(Math.abs((mean[i] ?? Number.NaN) - truth)).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  test('of the same statistic from everybody is that statistic, to the bit', () => {
    const values = [1 / 3, 6_000.123, 1.1e-4, 3e9].map(Math.fround);
    const sum = sumOf(
      4,
      [640, 640, 17, 1].map(weight => ({ values, weight })),
    );
    expect(meanStatistics(sum)).toEqual(Float32Array.from(values));
  });

  test('of nothing has no mean', () => expect(meanStatistics(emptyStatisticSum(3))).toBeNull());

  test.each([
    ['wrong-table', [1], 1],
    ['out-of-range', [1, Number.NaN], 1],
    ['out-of-range', [1, 1e30], 1],
    ['out-of-range', [1, 1], 0],
    ['out-of-range', [1, 1], maxUpdateWeight + 1],
  ])('refuses as %s the values %j with weight %d, and stays as it was', (reason, values, weight) => {
    const sum = sumOf(2, [{ values: [7, 0.1], weight: 2 }]);
    const before = bitsOf(sum);
    expect(add(sum, values, weight)).toMatchObject({ ok: false, reason });
    expect(bitsOf(sum)).toEqual(before);
  });

  test('has room for 512 updates at every limit', () => {
    // A value whose two integers are both as large as they get.
    const extreme = [LARGEST_VARIANCE, LARGEST_VARIANCE - 256, -LARGEST_VARIANCE, 2 ** 3 / maxUpdateWeight];
    let full = emptyStatisticSum(4);
    for (let i = 0; i < 512; i++) full = unwrap(add(full, extreme, maxUpdateWeight));
    expect(meanStatistics(full)).toEqual(Float32Array.from(extreme));
  });

  test('of more than have room in the lower integer is the same, however it is cut', () => {
    const values = [6_000.123, 1 / 3].map(Math.fround);
    const many = (count: number) => sumOf(2, Array(count).fill({ values, weight: 640 }));
    const merged = [300, 500, 512, 512].map(many).reduce((a, b) => unwrap(mergeStatisticSums(a, b)));
    const whole = many(1_824);
    for (const sum of [merged, whole]) {
      expect(sum.low.reach).toBeLessThan(2 ** 53);
      expect(meanStatistics(sum)).toEqual(Float32Array.from(values));
    }
    expect(merged.weight).toBe(whole.weight);
  });

  test('refuses what it has no room for, added or merged, instead of rounding', () => {
    const most = { values: [LARGEST_VARIANCE], weight: maxUpdateWeight };
    const many = (count: number) => sumOf(1, Array(count).fill(most));
    const full = many(2_047);
    const before = bitsOf(full);
    expect(add(full, most.values, most.weight)).toMatchObject({ reason: 'out-of-range' });
    expect(mergeStatisticSums(full, many(1))).toMatchObject({ reason: 'out-of-range' });
    expect(bitsOf(full)).toEqual(before);
  });
});
