import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregationRules } from '../../../shared/aggregation/aggregation-rule.ts';
import { type ExactSum, maxDelta, maxUpdateWeight } from '../../../shared/aggregation/exact-sum.ts';
import { aggregationNames } from '../../../shared/protocol/aggregation-spec.ts';
import { unwrap } from '../codec/arbitraries.ts';

interface Update {
  readonly values: readonly number[];
  readonly weight: number;
}

const snapshot = (state: ExactSum): ExactSum => ({ ...state, sums: state.sums.slice() });

/** Bit patterns: -0 is not 0, and every last place counts. */
const bitsOf = (state: ExactSum): unknown => [
  state.weight,
  state.count,
  state.reach,
  [...new BigUint64Array(state.sums.slice().buffer)],
];

const rules = aggregationNames.flatMap(name =>
  [null, 0.5].map(clip => ({ name, clip, rule: aggregationRules[name] })),
);

describe.each(rules)('rule $name with clip $clip', ({ rule, clip }) => {
  const sumOf = (elements: number, updates: readonly Update[]): ExactSum =>
    updates.reduce(
      (state, { values, weight }) => unwrap(rule.add(state, Float32Array.from(values), weight)),
      rule.init(elements, { clip }),
    );
  const elements = 4;
  const anyUpdates = fc.array(
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
    }),
    { minLength: 1, maxLength: 20 },
  );

  test('any order and any partition into merged sums give the same bytes', () => {
    const scenario = anyUpdates.chain(updates =>
      fc.record({
        updates: fc.constant(updates),
        shuffledUpdates: fc.shuffledSubarray(updates, { minLength: updates.length }),
        cuts: fc.array(fc.nat(updates.length), { maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(scenario, ({ updates, shuffledUpdates, cuts }) => {
        const whole = sumOf(elements, updates);
        const borders = [0, ...cuts.toSorted((a, b) => a - b), updates.length];
        const merged = borders
          .slice(1)
          .map((end, i) => sumOf(elements, shuffledUpdates.slice(borders[i], end)))
          .reduceRight((later, earlier) => unwrap(rule.merge(earlier, later)));
        expect(bitsOf(merged)).toEqual(bitsOf(whole));
        expect(rule.finish(merged)).toEqual(rule.finish(whole));
      }),
    );
  });

  test('a state that was stored and read again goes on to the same bytes', () => {
    const updates = [
      { values: [1, -0.3, 0, 1e-7], weight: 10 },
      { values: [0.1, 0.2, 0.3, 0.4], weight: 3.7 },
    ];
    const first = sumOf(elements, updates.slice(0, 1));
    const json = JSON.parse(JSON.stringify({ ...first, sums: [...first.sums] }));
    const restored = { ...json, sums: Float64Array.from(json.sums) };
    const second = unwrap(rule.add(restored, Float32Array.from(updates[1]?.values ?? []), 3.7));
    expect(bitsOf(second)).toEqual(bitsOf(sumOf(elements, updates)));
  });

  test('nothing added is no aggregate', () => expect(rule.finish(rule.init(3, { clip }))).toBeNull());

  test.each([
    ['not-finite', [1, Number.NaN, 0], 1],
    ['not-finite', [1, Infinity, 0], 1],
    ['not-finite', [-Infinity, Infinity, 0], 1],
    ['out-of-range', [0, 0, 0], 0],
    ['out-of-range', [0, 0, 0], -1],
    ['out-of-range', [0, 0, 0], Number.NaN],
    ['out-of-range', [0, 0, 0], 2 ** -12],
    ['out-of-range', [0, 0, 0], maxUpdateWeight + 1],
    ['wrong-table', [1, 2], 1],
    ['wrong-table', [1, 2, 3, 4], 1],
  ])('refuses as %s the values %j with weight %d, and leaves the sum as it was', (reason, values, weight) => {
    const state = sumOf(3, [{ values: [0.1, 0.2, -0.1], weight: 2 }]);
    const before = snapshot(state);
    expect(rule.add(state, Float32Array.from(values), weight)).toMatchObject({ ok: false, reason });
    expect(state).toEqual(before);
  });

  test('sums begun differently are not merged', () => {
    expect(() => rule.merge(rule.init(2, { clip }), rule.init(3, { clip }))).toThrow('one aggregate');
  });
});

describe('mean', () => {
  const { init, add, finish, merge } = aggregationRules.mean;
  const state = (elements: number): ExactSum => init(elements, { clip: null });

  test('weighs by samples: (1·[1,2] + 3·[5,−2]) / 4 = [4,−1]', () => {
    const one = unwrap(add(state(2), Float32Array.of(1, 2), 1));
    expect(finish(unwrap(add(one, Float32Array.of(5, -2), 3)))).toEqual(Float32Array.of(4, -1));
  });

  test('holds sums in steps of 2^-24, ties to even: 1.5 and 2.5 steps are 2 steps', () => {
    const update = Float32Array.of(1.5 * 2 ** -24, 2.5 * 2 ** -24, -0.4 * 2 ** -24, -1);
    const { sums } = unwrap(add(state(4), update, 1));
    expect([...sums]).toEqual([2, 2, 0, -(2 ** 24)]);
  });

  test('is within 2^-25 over the weight of the exact mean', () => {
    const update = Float32Array.of(1e-4, -3.3e-5, 0.777);
    const result = finish(unwrap(add(state(3), update, 128)));
    update.forEach((value, i) => {
      const last = Math.abs(value) * 2 ** -24;
      expect(Math.abs((result?.[i] ?? 9) - value)).toBeLessThanOrEqual(2 ** -25 / 128 + last);
    });
  });

  test('counts a discounted weight to 2^-10 of a sample', () => {
    const { weight } = unwrap(add(state(1), Float32Array.of(1), 100 / Math.sqrt(2)));
    expect(weight).toBe(Math.round((100 / Math.sqrt(2)) * 1024) / 1024);
  });

  test('does not clip, whatever it is told', () => {
    const sum = unwrap(add(init(2, { clip: 0.1 }), Float32Array.of(3, 4), 1));
    expect(finish(sum)).toEqual(Float32Array.of(3, 4));
  });

  test('refuses a value beyond the largest honest one', () => {
    expect(unwrap(add(state(1), Float32Array.of(-maxDelta), 1)).count).toBe(1);
    const result = add(state(1), Float32Array.of(-maxDelta * 1.0001), 1);
    expect(result).toMatchObject({ reason: 'out-of-range' });
  });

  test('has room for 512 updates at both limits, and refuses the next, added or merged, instead of rounding', () => {
    const extreme = Float32Array.of(maxDelta, -maxDelta);
    let full = state(2);
    for (let i = 0; i < 512; i++) full = unwrap(add(full, extreme, maxUpdateWeight));
    expect([...full.sums]).toEqual([2 ** 53, -(2 ** 53)]);
    const before = snapshot(full);
    const small = Float32Array.of(2 ** -24, 0);
    expect(add(full, small, 1)).toMatchObject({ reason: 'out-of-range' });
    expect(merge(full, unwrap(add(state(2), small, 1)))).toMatchObject({ reason: 'out-of-range' });
    expect(full).toEqual(before);
    expect(finish(full)).toEqual(extreme);
  });

  test('refuses what overflows only in another order: +x and −x use up room alike', () => {
    let sum = state(1);
    for (let i = 0; i < 512; i++) sum = unwrap(add(sum, Float32Array.of(i % 2 ? 64 : -64), maxUpdateWeight));
    expect(sum.sums[0]).toBe(0);
    expect(add(sum, Float32Array.of(1), 1)).toMatchObject({ reason: 'out-of-range' });
  });
});

describe('clipped-mean', () => {
  const { init, add, finish, merge } = aggregationRules['clipped-mean'];

  test('scales what is longer than c and leaves the rest: [3,4] at c = 1 is [0.6,0.8], [0,0.5] stays', () => {
    const one = unwrap(add(init(2, { clip: 1 }), Float32Array.of(3, 4), 1));
    const result = finish(unwrap(add(one, Float32Array.of(0, 0.5), 3)));
    expect(result?.[0]).toBeCloseTo(0.6 / 4, 7);
    expect(result?.[1]).toBeCloseTo((0.8 + 1.5) / 4, 7);
  });

  test('keeps an update of exactly norm c to the bit', () => {
    const sum = unwrap(add(init(2, { clip: 5 }), Float32Array.of(3, 4), 1));
    expect(finish(sum)).toEqual(Float32Array.of(3, 4));
  });

  test('takes the norm of the whole update where it is given one of its parts', () => {
    const sum = unwrap(add(init(1, { clip: 1 }), Float32Array.of(3), 1, 5));
    expect(finish(sum)?.[0]).toBeCloseTo(0.6, 7);
  });

  test('clips nothing without a norm to clip to', () => {
    const sum = unwrap(add(init(2, { clip: null }), Float32Array.of(3, 4), 1));
    expect(finish(sum)).toEqual(Float32Array.of(3, 4));
  });

  test('tames a boosted update that the mean would refuse, up to the largest f32', () => {
    const boosted = Float32Array.of(3.4e38, 0);
    const sum = unwrap(add(init(2, { clip: 1 }), boosted, 1));
    expect(finish(sum)?.[0]).toBeCloseTo(1, 7);
    expect(add(init(2, { clip: null }), boosted, 1)).toMatchObject({ reason: 'out-of-range' });
  });

  test('to norm 0 is nothing, but counts', () => {
    const sum = unwrap(add(init(1, { clip: 0 }), Float32Array.of(3), 2));
    expect(finish(sum)).toEqual(Float32Array.of(0));
    expect(sum.count).toBe(1);
  });

  test('is not begun with, or merged over, norms that make no sense', () => {
    expect(() => init(1, { clip: Number.NaN })).toThrow(RangeError);
    expect(() => init(1, { clip: -1 })).toThrow(RangeError);
    expect(() => init(1, { clip: Infinity })).toThrow(RangeError);
    expect(() => merge(init(1, { clip: 1 }), init(1, { clip: 2 }))).toThrow('one aggregate');
  });
});
