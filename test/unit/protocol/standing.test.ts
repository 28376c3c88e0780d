import { describe, expect, it } from 'vitest';
import {
  afterLoss,
  afterWork,
  describeStanding,
  levelOf,
  newcomer,
  type Standing,
  standingReasonSchema,
  valueAt,
  weightShareOf,
} from '../../../shared/protocol/standing.ts';

const low: Standing = { value: 0.2, version: 0, why: 'refused' };
const high: Standing = { value: 0.9, version: 0 };

describe('a number', () => {
  it('[STAND1] of a newcomer is in the middle, which is no trust and no distrust', () => {
    expect(newcomer.value).toBe(0.5);
    expect([0.34, 0.35, 0.5, 0.64, 0.65].map(levelOf)).toEqual([
      'distrusted',
      'new',
      'new',
      'new',
      'trusted',
    ]);
  });

  it('[STAND4] rises by an eighth of the way, so three updates that helped make a newcomer trusted', () => {
    const once = afterWork(newcomer, 'helped', 0);
    const twice = afterWork(once, 'helped', 0);
    const thrice = afterWork(twice, 'helped', 0);
    expect([once, twice, thrice].map(({ value }) => levelOf(value))).toEqual(['new', 'new', 'trusted']);
    let standing: Standing = newcomer;
    for (let i = 0; i < 1_000; i++) standing = afterWork(standing, 'helped', 0);
    expect(standing.value).toBeLessThanOrEqual(1);
  });

  it('[STAND4] never makes anybody trusted by updates of which nobody could tell', () => {
    let standing: Standing = newcomer;
    for (let i = 0; i < 1_000; i++) standing = afterWork(standing, 'untold', 0);
    expect(standing.value).toBeGreaterThan(0.59);
    expect(levelOf(standing.value)).toBe('new');
    expect(afterWork(high, 'untold', 0).value).toBe(0.9);
  });

  it('[STAND4] stays as it is with all others, and says why', () => {
    for (const why of ['zero', 'copied', 'unlike'] as const)
      for (const before of [low, newcomer, high])
        expect(afterWork(before, why, 0)).toEqual({ value: before.value, version: 0, why });
  });

  it('[STAND5] loses a quarter, so two losses make a newcomer distrusted, and it is never below zero', () => {
    const once = afterLoss(newcomer, 'refused', 0);
    const twice = afterLoss(once, 'contradicted', 0);
    expect([once, twice].map(({ value }) => levelOf(value))).toEqual(['new', 'distrusted']);
    expect(twice.why).toBe('contradicted');
    let standing: Standing = newcomer;
    for (let i = 0; i < 1_000; i++) standing = afterLoss(standing, 'refused', 0);
    expect(standing.value).toBeGreaterThanOrEqual(0);
  });

  it('[STAND6] goes back to the middle from both sides, half of the way in 32 versions', () => {
    expect(valueAt({ value: 0.9, version: 10 }, 42)).toBeCloseTo(0.7, 12);
    expect(valueAt({ value: 0.1, version: 10 }, 42)).toBeCloseTo(0.3, 12);
    expect(valueAt({ value: 0.1, version: 10 }, 10_000)).toBeCloseTo(0.5, 12);
    // A view may be older than the standing.
    expect(valueAt({ value: 0.9, version: 10 }, 9)).toBe(0.9);
  });

  it('[STAND7] below the middle is a share in whole eighths, one at least, and no share of what is not below', () => {
    expect([0.5, 0.6, 1].map(weightShareOf)).toEqual([null, null, null]);
    expect([0.4375, 0.25, 0.1875, 0.01, 0].map(weightShareOf)).toEqual([7 / 8, 1 / 2, 3 / 8, 1 / 8, 1 / 8]);
  });

  it('[STAND9] has words for whom it concerns, whatever happened', () => {
    for (const why of standingReasonSchema.options) {
      expect(describeStanding({ value: 0.2, why })).toMatch(
        /distrusts this device(: |, since).*so does time/,
      );
      if (why === 'unlike') continue;
      expect(describeStanding({ value: 0.5, why })).toMatch(
        /standing: .*(Updates that help|The next update)/,
      );
    }
  });
});

it('[STAND4] [STAND9] nobody is blamed for an update that pointed elsewhere, which honest ones do late in a run', () => {
  const told = describeStanding({ value: 0.6, why: 'unlike' });
  expect(told).toContain('usual late in a run');
  expect(told).toContain('costs nothing');
  expect(told).not.toMatch(/distrust|lost|earned no|helps/);
  // Whoever is distrusted is so by what came before.
  expect(describeStanding({ value: 0.2, why: 'unlike' })).toMatch(/lost standing before, .* costs nothing/);
});
