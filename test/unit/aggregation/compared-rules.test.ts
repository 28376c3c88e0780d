import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ComparedUpdates, Weighing } from '../../../shared/aggregation/aggregation-rule.ts';
import { addProducts, emptyGram, mirror } from '../../../shared/aggregation/gram.ts';
import { aggregationRules } from '../../../shared/aggregation/rules.ts';
import { propertyRuns } from '../../support/extent.ts';

type Vector = readonly number[];

/** What a rule is given of these updates. */
function comparedOf(
  vectors: readonly Vector[],
  { hostile = 1, root = null }: Partial<Pick<ComparedUpdates, 'hostile' | 'root'>> = {},
): ComparedUpdates {
  const gram = emptyGram(vectors.length);
  addProducts(
    gram,
    vectors.map(vector => Float32Array.from(vector)),
  );
  mirror(gram);
  return { gram, weights: vectors.map(() => 10), hostile, root };
}

function comparedRule(name: 'multi-krum' | 'geometric-median' | 'fltrust') {
  const rule = aggregationRules[name];
  if (rule.kind !== 'compared') throw new Error(`${name} compares`);
  return rule;
}

/** Σ weight · scale · Δ / Σ weight. */
function aggregate(vectors: readonly Vector[], weighings: readonly Weighing[]): number[] {
  const all = weighings.reduce((sum, { weight }) => sum + weight, 0);
  return (vectors[0] ?? []).map((_, k) =>
    vectors.reduce((sum, vector, i) => {
      const { weight = 0, scale = 0 } = weighings[i] ?? {};
      return sum + (all > 0 ? (weight / all) * scale * (vector[k] ?? 0) : 0);
    }, 0),
  );
}

const distance = (a: Vector, b: Vector): number => Math.hypot(...a.map((value, k) => value - (b[k] ?? 0)));

const norm = (a: Vector): number => Math.hypot(...a);

const vectors = (count: number, size: number): fc.Arbitrary<number[][]> => {
  const value = fc.float({ min: -size, max: size, noNaN: true });
  return fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { minLength: count, maxLength: count });
};

/** n updates of which f are anything: f hostile ones stand before n − f honest ones. */
const withHostile = fc.integer({ min: 1, max: 4 }).chain(f =>
  fc.integer({ min: 2 * f + 3, max: 2 * f + 7 }).chain(n =>
    fc.record({
      f: fc.constant(f),
      honest: vectors(n - f, 1),
      hostile: fc.integer({ min: -3, max: 4 }).chain(power => vectors(f, 8 ** power)),
    }),
  ),
);

describe('multi-krum', () => {
  const rule = comparedRule('multi-krum');

  test('chooses n − f − 2 updates that lie close to their neighbours (computed by hand)', () => {
    // Scores with the two nearest: 0 → 1 + 4, 1 → 1 + 1, 2 → 1 + 4, 4 → 4 + 9, 100 → 96² + 98².
    const line = [[0], [1], [2], [4], [100]];
    const weighings = rule.weigh(comparedOf(line));
    expect(weighings.map(({ weight }) => weight)).toEqual([10, 10, 0, 0, 0]);
    expect(weighings.every(({ scale }) => scale === 1)).toBe(true);
  });

  test('keeps within the honest updates, but for a bound that their spread sets', () => {
    fc.assert(
      fc.property(withHostile, ({ f, honest, hostile }) => {
        const all = [...hostile, ...honest];
        const result = aggregate(all, rule.weigh(comparedOf(all, { hostile: f })));
        const spread = Math.max(...honest.flatMap(a => honest.map(b => distance(a, b))));
        // A chosen hostile update has at least n − 2f − 1 honest neighbours, and no worse a score than an honest one.
        const n = all.length;
        const bound = spread * Math.sqrt((n - f - 2) / (n - 2 * f - 1));
        const nearest = Math.min(...honest.map(one => distance(one, result)));
        expect(nearest).toBeLessThanOrEqual(spread + bound + 1e-3);
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  test('withstands (n − 3) / 2 of n', () => {
    expect([5, 6, 7, 10, 30].map(n => rule.most(n))).toEqual([1, 1, 2, 3, 13]);
    expect(rule.most(rule.least)).toBe(1);
  });
});

describe('geometric-median', () => {
  const rule = comparedRule('geometric-median');

  test('of three updates on a line is the middle one, and of a square its centre (by hand)', () => {
    const line = [
      [0, 0],
      [1, 0],
      [1_000, 0],
    ];
    expect(aggregate(line, rule.weigh(comparedOf(line)))[0]).toBeCloseTo(1, 4);
    const square = [
      [1, 1],
      [1, -1],
      [-1, 1],
      [-1, -1],
    ];
    for (const value of aggregate(square, rule.weigh(comparedOf(square)))) expect(value).toBeCloseTo(0, 9);
  });

  test('of a triangle is its Fermat point (by hand)', () => {
    // Equal sides of 2√3 around the origin.
    const [half, side] = [1, Math.sqrt(3)];
    const triangle = [
      [2, 0],
      [-half, side],
      [-half, -side],
    ];
    for (const value of aggregate(triangle, rule.weigh(comparedOf(triangle))))
      expect(value).toBeCloseTo(0, 6);
  });

  test('of equal updates is what they are, zero or not', () => {
    for (const one of [
      [0, 0],
      [3, -4],
    ]) {
      const same = [one, one, one];
      expect(aggregate(same, rule.weigh(comparedOf(same)))).toEqual(one);
    }
  });

  test('of zeros and of two that lie around them is zero, with weights that are numbers', () => {
    for (const zeros of [2, 3]) {
      const all = [...Array.from({ length: zeros }, () => [0, 0]), [1, 0], [-1, 0]];
      const weighings = rule.weigh(comparedOf(all));
      expect(weighings.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(10 * all.length, 9);
      expect(aggregate(all, weighings)).toEqual([0, 0]);
    }
  });

  test('stays within the bound of its breakdown point, whatever the hostile ones send', () => {
    fc.assert(
      fc.property(withHostile, ({ f, honest, hostile }) => {
        const all = [...hostile, ...honest];
        const result = aggregate(all, rule.weigh(comparedOf(all, { hostile: f })));
        const centre = [0, 1, 2].map(
          k => honest.reduce((sum, one) => sum + (one[k] ?? 0), 0) / honest.length,
        );
        const radius = Math.max(...honest.map(one => distance(one, centre)));
        const share = f / all.length;
        const bound = ((2 * (1 - share)) / (1 - 2 * share)) * radius;
        expect(distance(result, centre)).toBeLessThanOrEqual(bound * 1.001 + 1e-3);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});

describe('fltrust', () => {
  const rule = comparedRule('fltrust');

  test('weighs by the cosine to the root, which counts a tenth of one, and scales to its length (computed by hand)', () => {
    // Root (3, 4) of length 5; the same direction, twice as long; at a right angle; against it; at a cosine of 0.6.
    const all = [
      [3, 4],
      [6, 8],
      [-4, 3],
      [-3, -4],
      [1, 0],
    ];
    const weighings = rule.weigh(comparedOf(all, { root: 0 }));
    expect(weighings.map(({ weight }) => Number(weight.toFixed(9)))).toEqual([1, 10, 0, 0, 6]);
    expect([weighings[1]?.scale, weighings[4]?.scale]).toEqual([0.5, 5]);
  });

  test('never gives more than the root’s length, nor anything against it', () => {
    const cases = fc.tuple(vectors(1, 1), vectors(6, 1e4));
    fc.assert(
      fc.property(cases, ([[root = []], others]) => {
        const all = [...others, root];
        const result = aggregate(all, rule.weigh(comparedOf(all, { root: others.length })));
        expect(norm(result)).toBeLessThanOrEqual(norm(root) * 1.001 + 1e-9);
        const along = result.reduce((sum, value, k) => sum + value * (root[k] ?? 0), 0);
        expect(along).toBeGreaterThanOrEqual(-1e-6);
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  test('moves as the root does if all others are hostile', () => {
    const all = [
      [-30, -40],
      [-4, -3],
      [3, 4],
    ];
    const result = aggregate(all, rule.weigh(comparedOf(all, { root: 2 })));
    expect(result).toEqual([3, 4]);
  });

  test('says so if there is no root', () => {
    expect(() => rule.weigh(comparedOf([[1], [2]]))).toThrow('there is none');
  });
});
