import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClipMemory, clipMemory } from '../../../shared/aggregation/clip-memory.ts';
import { propertyRuns } from '../../support/extent.ts';

const updatesOf = (norms: readonly number[]) =>
  norms.map(norm => ({ weight: 10, facts: { norm, sha256: '' } }));
const next = (memory: ClipMemory, norms: readonly number[]): ClipMemory =>
  clipMemory.remember(memory, updatesOf(norms));
const trusted = (scale: number): ClipMemory => ({ ...clipMemory.firstMemory, scale });

/** Rates that fall as a cosine, and updates that differ by a third. */
const honestNorm = (round: number, draw: number): number =>
  (0.05 + Math.cos((round / 60) * (Math.PI / 2))) * (1 + draw / 3);

describe('the clip', () => {
  test('of honest and hostile updates lies within the honest norms of eight rounds and a factor of 1.25', () => {
    const draws = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 60 * 7,
      maxLength: 60 * 7,
    });
    const hostileNorm = fc.oneof(
      fc.constant(0),
      fc.constant(1e9),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    );
    const hostile = fc.array(hostileNorm, { minLength: 60 * 3, maxLength: 60 * 3 });
    fc.assert(
      fc.property(draws, hostile, (honestDraws, bad) => {
        let memory = trusted(honestNorm(0, 0.5));
        const seen: number[][] = [];
        for (let round = 0; round < 60; round++) {
          const honest = honestDraws.slice(round * 7, round * 7 + 7).map(draw => honestNorm(round, draw));
          seen.push(honest);
          memory = next(memory, [...honest, ...bad.slice(round * 3, round * 3 + 3)]);
          const window = seen.slice(-8).flat();
          expect(memory.scale).toBeGreaterThanOrEqual(Math.min(...window) / 1.25);
          expect(memory.scale).toBeLessThanOrEqual(Math.max(...window) * 1.25);
        }
      }),
      { numRuns: propertyRuns(20) },
    );
  });

  test('is the same with as many free riders as there may be', () => {
    let [alone, among] = [trusted(1), trusted(1)];
    for (let round = 0; round < 60; round++) {
      const norms = [0.2, 0.5, 0.9].map(draw => honestNorm(round, draw));
      alone = next(alone, norms);
      among = next(among, [...norms, ...new Array<number>(9).fill(round % 2 === 0 ? 0 : 1e-4)]);
      expect(among.scale).toBe(alone.scale);
    }
    expect(next(trusted(0.5), [0, 0, 0]).scale, 'of zeros alone').toBe(0.5);
  });

  test('moves by 1.25 in a round at most, whatever is sent', () => {
    expect(next(trusted(1), [1e9, 1e9]).scale).toBe(1.25);
    expect(next(trusted(1), [0.01, 0.01]).scale).toBe(0.8);
  });

  test('knows no referee’s update', () => {
    const root = { weight: 0, facts: { norm: 9, sha256: '', root: true as const } };
    expect(clipMemory.remember(trusted(1), [root]).norms).toEqual([[]]);
  });
});
