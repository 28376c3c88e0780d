import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addScaled,
  type ExactSum,
  emptySum,
  maxDelta,
  maxUpdateWeight,
  meanOf,
  mergeSums,
} from '../../../shared/aggregation/exact-sum.ts';
import { unwrap } from '../codec/arbitraries.ts';

interface Update {
  readonly values: readonly number[];
  readonly weight: number;
  readonly scale: number;
}

const snapshot = (sum: ExactSum): ExactSum => ({ ...sum, sums: sum.sums.slice() });

/** Bit patterns: -0 is not 0, and every last place counts. */
const bitsOf = (sum: ExactSum): unknown => [
  sum.weight,
  sum.reach,
  [...new BigUint64Array(sum.sums.slice().buffer)],
];

const add = (sum: ExactSum, values: readonly number[], weight: number, scale = 1) =>
  addScaled(sum, Float32Array.from(values), weight, scale);

const sumOf = (elements: number, updates: readonly Update[]): ExactSum =>
  updates.reduce(
    (sum, { values, weight, scale }) => unwrap(add(sum, values, weight, scale)),
    emptySum(elements),
  );

const elements = 4;
const anyUpdates: fc.Arbitrary<Update[]> = fc.array(
  fc.record({
    values: fc.array(
      fc.oneof(
        fc.float({ min: -maxDelta, max: maxDelta, noNaN: true }),
        fc.float({ min: Math.fround(-1e-6), max: Math.fround(1e-6), noNaN: true }),
        fc.constant(-0),
      ),
      { minLength: elements, maxLength: elements },
    ),
    weight: fc.oneof(
      fc.integer({ min: 1, max: maxUpdateWeight }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
    ),
    scale: fc.constantFrom(1, 0.5, 1 / 3, 0),
  }),
  { minLength: 1, maxLength: 20 },
);

describe('an exact sum', () => {
  test('is the same to the bit in any order and by any partition into merged sums', () => {
    const scenario = anyUpdates.chain(updates =>
      fc.record({
        updates: fc.constant(updates),
        shuffled: fc.shuffledSubarray(updates, { minLength: updates.length }),
        cuts: fc.array(fc.nat(updates.length), { maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(scenario, ({ updates, shuffled, cuts }) => {
        const whole = sumOf(elements, updates);
        const borders = [0, ...cuts.toSorted((a, b) => a - b), updates.length];
        const merged = borders
          .slice(1)
          .map((end, i) => sumOf(elements, shuffled.slice(borders[i], end)))
          .reduceRight((later, earlier) => unwrap(mergeSums(earlier, later)));
        expect(bitsOf(merged)).toEqual(bitsOf(whole));
        expect(meanOf(merged)).toEqual(meanOf(whole));
      }),
    );
  });

  test('that was stored and read again goes on to the same bytes', () => {
    const first = sumOf(4, [{ values: [1, -0.3, 0, 1e-7], weight: 10, scale: 0.7 }]);
    const json = JSON.parse(JSON.stringify({ ...first, sums: [...first.sums] }));
    const restored = { ...json, sums: Float64Array.from(json.sums) };
    const more = [0.1, 0.2, 0.3, 0.4];
    expect(bitsOf(unwrap(add(restored, more, 3.7)))).toEqual(bitsOf(unwrap(add(first, more, 3.7))));
  });

  test('of nothing has no mean', () => expect(meanOf(emptySum(3))).toBeNull());

  test.each([
    ['not-finite', [1, Number.NaN, 0], 1],
    ['not-finite', [1, Infinity, 0], 1],
    ['not-finite', [-Infinity, Infinity, 0], 1],
    ['out-of-range', [0, 0, 0], 0],
    ['out-of-range', [0, 0, 0], -1],
    ['out-of-range', [0, 0, 0], Number.NaN],
    ['out-of-range', [0, 0, 0], 2 ** -12],
    ['out-of-range', [0, 0, 0], maxUpdateWeight + 1],
    ['out-of-range', [0, -maxDelta * 1.0001, 0], 1],
    ['wrong-table', [1, 2], 1],
    ['wrong-table', [1, 2, 3, 4], 1],
  ])('refuses as %s the values %j with weight %d, and stays as it was', (reason, values, weight) => {
    const sum = sumOf(3, [{ values: [0.1, 0.2, -0.1], weight: 2, scale: 1 }]);
    const before = snapshot(sum);
    expect(add(sum, values, weight)).toMatchObject({ ok: false, reason });
    expect(sum).toEqual(before);
  });

  test.each([-1, -1_000, Number.NaN])('refuses a scale of %d', scale => {
    const sum = sumOf(1, [{ values: [0.5], weight: 2, scale: 1 }]);
    const before = snapshot(sum);
    expect(addScaled(sum, Float32Array.of(0.5), 1, scale)).toMatchObject({ reason: 'out-of-range' });
    expect(sum).toEqual(before);
  });

  test('is not merged with one of other elements', () => {
    expect(() => mergeSums(emptySum(2), emptySum(3))).toThrow('one aggregate');
  });

  test('holds sums in steps of 2^-24, ties to even: 1.5 and 2.5 steps are 2 steps', () => {
    const values = [1.5 * 2 ** -24, 2.5 * 2 ** -24, -0.4 * 2 ** -24, -1];
    expect([...unwrap(add(emptySum(4), values, 1)).sums]).toEqual([2, 2, 0, -(2 ** 24)]);
  });

  test('has a mean within 2^-25 over the weight of the true one', () => {
    const update = Float32Array.of(1e-4, -3.3e-5, 0.777);
    const result = meanOf(unwrap(addScaled(emptySum(3), update, 128)));
    update.forEach((value, i) => {
      const last = Math.abs(value) * 2 ** -24;
      expect(Math.abs((result?.[i] ?? 9) - value)).toBeLessThanOrEqual(2 ** -25 / 128 + last);
    });
  });

  test('counts a discounted weight to 2^-10 of a sample', () => {
    const { weight } = unwrap(add(emptySum(1), [1], 100 / Math.sqrt(2)));
    expect(weight).toBe(Math.round((100 / Math.sqrt(2)) * 1024) / 1024);
  });

  test('checks values after they are scaled, up to the largest f32', () => {
    const boosted = [3.4e38, 0];
    expect(meanOf(unwrap(add(emptySum(2), boosted, 1, 1 / 3.4e38)))?.[0]).toBeCloseTo(1, 7);
    expect(add(emptySum(2), boosted, 1)).toMatchObject({ reason: 'out-of-range' });
  });

  test('has room for 512 updates at both limits, and refuses the next, added or merged, instead of rounding', () => {
    const extreme = [maxDelta, -maxDelta];
    let full = emptySum(2);
    for (let i = 0; i < 512; i++) full = unwrap(add(full, extreme, maxUpdateWeight));
    expect([...full.sums]).toEqual([2 ** 53, -(2 ** 53)]);
    const before = snapshot(full);
    const small = [2 ** -24, 0];
    expect(add(full, small, 1)).toMatchObject({ reason: 'out-of-range' });
    expect(mergeSums(full, unwrap(add(emptySum(2), small, 1)))).toMatchObject({ reason: 'out-of-range' });
    expect(full).toEqual(before);
    expect(meanOf(full)).toEqual(Float32Array.from(extreme));
  });

  test('refuses what overflows only in another order: +x and −x use up room alike', () => {
    let sum = emptySum(1);
    for (let i = 0; i < 512; i++) sum = unwrap(add(sum, [i % 2 ? 64 : -64], maxUpdateWeight));
    expect(sum.sums[0]).toBe(0);
    expect(add(sum, [1], 1)).toMatchObject({ reason: 'out-of-range' });
  });
});
