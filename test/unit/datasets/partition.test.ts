import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dirichletWeights, partitionExamples } from '../../../shared/datasets/partition.ts';
import { drawDirichlet, drawLogGamma } from '../../../shared/math/dirichlet.ts';
import { exactExp, exactLn } from '../../../shared/math/exact.ts';
import { createRandom } from '../../../shared/math/random.ts';
import type { Partition } from '../../../shared/protocol/dataset.ts';

const partitions: fc.Arbitrary<Partition> = fc.oneof(
  fc.constant<Partition>({ kind: 'iid' }),
  fc.record({ kind: fc.constant('dirichlet' as const), alpha: fc.constantFrom(0.001, 0.1, 1, 100) }),
);
const labels = Array.from({ length: 2000 }, (_, i) => i % 10);
const countClasses = (part: readonly number[]): number => new Set(part.map(i => labels[i])).size;
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('a partition', () => {
  it('is disjoint, covers everything, is even in size and the same for the same seed', () => {
    const classed = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        classed,
        fc.integer({ min: 1, max: 9 }),
        partitions,
        fc.integer(),
        (some, parts, kind, seed) => {
          const result = partitionExamples(some, 5, parts, kind, seed);
          expect(result.flat().sort((a, b) => a - b)).toEqual([...some.keys()]);
          expect(result.length).toBe(parts);
          expect(Math.max(...result.map(part => part.length))).toBeLessThanOrEqual(
            Math.ceil(some.length / parts),
          );
          expect(partitionExamples(some, 5, parts, kind, seed)).toEqual(result);
        },
      ),
    );
  });

  it('differs with the seed', () => {
    const cut = (seed: number): number[][] => partitionExamples(labels, 10, 4, { kind: 'iid' }, seed);
    expect(cut(1)).not.toEqual(cut(2));
  });

  it('is more skewed the smaller alpha is', () => {
    const classesSeen = (partition: Partition): number =>
      mean(partitionExamples(labels, 10, 40, partition, 1).map(countClasses));
    expect(classesSeen({ kind: 'dirichlet', alpha: 0.05 })).toBeLessThan(4);
    expect(classesSeen({ kind: 'dirichlet', alpha: 1 })).toBeGreaterThan(5);
    expect(classesSeen({ kind: 'dirichlet', alpha: 100 })).toBeGreaterThan(9);
    expect(classesSeen({ kind: 'iid' })).toBeGreaterThan(9);
  });

  it('is pinned: every platform cuts alike', () => {
    expect(
      partitionExamples([0, 1, 2, 0, 1, 2, 0, 1, 2], 3, 3, { kind: 'dirichlet', alpha: 0.3 }, 7),
    ).toEqual([
      [5, 2, 6],
      [7, 1, 8],
      [3, 0, 4],
    ]);
    expect(dirichletWeights(['pin'], 3, 0.5)).toEqual([
      0.3390120132010569, 0.5407405744890414, 0.12024741230990164,
    ]);
  });

  it('throws on labels and part counts that cannot be', () => {
    expect(() => partitionExamples([3], 3, 1, { kind: 'dirichlet', alpha: 1 }, 1)).toThrow(RangeError);
    expect(() => partitionExamples([0], 3, 0, { kind: 'iid' }, 1)).toThrow(RangeError);
    expect(() => dirichletWeights(['x'], 3, 0)).toThrow(RangeError);
  });
});

describe('Dirichlet shares', () => {
  it('have the mean 1/k and the variance (k-1)/(k²(kα+1))', () => {
    const random = createRandom('moments');
    for (const alpha of [0.1, 1, 10]) {
      const first = Array.from({ length: 20_000 }, () => drawDirichlet(random, 4, alpha)[0] as number);
      const variance = mean(first.map(share => (share - 0.25) ** 2));
      expect(mean(first)).toBeCloseTo(0.25, 1.5);
      expect(variance / (3 / (16 * (4 * alpha + 1)))).toBeCloseTo(1, 1);
    }
  });

  it('are finite and of sum 1 at extreme alphas', () => {
    const random = createRandom('extremes');
    for (const alpha of [1e-4, 1e-3, 1e3])
      for (let i = 0; i < 50; i++)
        expect(drawDirichlet(random, 10, alpha).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  it('come from Gammas of mean and variance alpha', () => {
    const random = createRandom('gamma');
    for (const alpha of [0.5, 2.5]) {
      const draws = Array.from({ length: 20_000 }, () => exactExp(drawLogGamma(random, alpha)));
      expect(mean(draws) / alpha).toBeCloseTo(1, 1);
      expect(mean(draws.map(draw => (draw - alpha) ** 2)) / alpha).toBeCloseTo(1, 0.8);
    }
  });
});

describe('exact logarithm and exponential', () => {
  it('agree with the engine’s', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), x => {
        expect(Math.abs(exactLn(x) - Math.log(x))).toBeLessThanOrEqual(
          1e-15 * Math.max(1, Math.abs(Math.log(x))),
        );
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), x => {
        expect(Math.abs(exactExp(x) / Math.exp(x) - 1)).toBeLessThan(3e-13);
      }),
    );
  });

  it('keep their ends', () => {
    expect([exactLn(1), exactExp(0), exactLn(0), exactExp(-Infinity), exactExp(800)]).toEqual([
      0,
      1,
      -Infinity,
      0,
      Infinity,
    ]);
    expect(exactExp(709.7)).toBeLessThan(Infinity);
    expect(exactExp(-740)).toBeGreaterThan(0);
  });
});
