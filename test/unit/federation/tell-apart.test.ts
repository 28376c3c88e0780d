import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excess, isAbove, lossLimits, worstExit } from '../../../shared/federation/check/root-loss.ts';
import { tellApart } from '../../../shared/federation/check/tell-apart.ts';

/** Updates of one weight: what each does to the loss alone. The mean of some does the mean of that. */
const groupsOf = (moves: readonly number[], measured: number[] = []) => ({
  updates: moves.map((_, i) => i),
  measure: async (group: readonly number[]): Promise<number[]> => {
    measured.push(group.length);
    return [1 + group.reduce((sum, i) => sum + (moves[i] ?? 0), 0) / group.length];
  },
  measured,
});

const limits = lossLimits([1], []);

describe('what hurts', () => {
  it('[CHECK6] is a loss above that of the version before and above the tolerance, at any exit', () => {
    expect(lossLimits([1, 2], [])).toEqual({ limits: [1.1, 2.15], badly: [3, 5] });
    expect(isAbove([1.3, 2.5], [1.3, 2.5])).toBe(false);
    expect(isAbove([0.1, 2.6], [1.3, 2.5])).toBe(true);
    expect(worstExit([1.4, 9], [1.3, 2.5])).toBe(1);
    expect(excess([1.4, 9], [1.3, 2.5])).toBe(6.5);
  });

  it('[CHECK6] is measured from the lowest of the last versions, so that versions do not become worse step by step', () => {
    expect(lossLimits([1.2], [[1.2], [1], [1.1]])).toEqual({ limits: [1.2], badly: [3] });
    expect(lossLimits([4], [[4], [1]]), 'what is no worse than before never hurts').toEqual({
      limits: [4],
      badly: [4],
    });
    expect(lossLimits([5], [[1], [5]]).badly).toEqual([5]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined])('[CHECK6] is a loss that is %s', loss => {
    expect(isAbove(loss === undefined ? [] : [loss], limits.badly)).toBe(true);
    expect(lossLimits([Number.NaN], []).badly).toEqual([1_000 * 2 + 1]);
  });
});

describe('updates that are told apart', () => {
  it('[CHECK7] by halves: one hostile update of many costs about 2 · log₂ n measurements', async () => {
    const moves = Array.from({ length: 64 }, (_, i) => (i === 37 ? 1_000 : -0.1));
    const { updates, measure, measured } = groupsOf(moves);
    expect(await tellApart(updates, limits, measure)).toEqual([37]);
    expect(measured.length).toBeLessThanOrEqual(2 * 6 + 2);
  });

  it('[CHECK7] are given up from the worst on, and only as long as the others hurt', async () => {
    // The second one hurts a little alone, as an honest one does whose pictures are of few classes.
    const { updates, measure } = groupsOf([100, 0.4, -0.1, -0.2]);
    expect(await tellApart(updates, limits, measure)).toEqual([0]);
  });

  it('[CHECK7] are not named if more than half of them hurt a little: then the round was a bad one', async () => {
    const bad = groupsOf([0.9, 0.8, 1, 0.8]);
    expect(await tellApart(bad.updates, limits, bad.measure)).toEqual([]);
    const alone = groupsOf([0.9]);
    expect(await tellApart(alone.updates, limits, alone.measure)).toEqual([]);
  });

  it('[CHECK7] are named of two only if they hurt badly: each may have few classes', async () => {
    const honest = groupsOf([1.5, 0.9]);
    expect(await tellApart(honest.updates, limits, honest.measure)).toEqual([]);
    const ofThree = groupsOf([1.5, 0, 0]);
    expect(await tellApart(ofThree.updates, limits, ofThree.measure)).toEqual([0]);
    const hostile = groupsOf([100, 0.9]);
    expect(await tellApart(hostile.updates, limits, hostile.measure)).toEqual([0]);
  });

  it('[CHECK7] are all refused if all are beyond luck, and none if their mean does not hurt', async () => {
    const hostile = groupsOf([8, 7, 6]);
    expect(await tellApart(hostile.updates, limits, hostile.measure)).toEqual([0, 1, 2]);
    const most = groupsOf([8, 7, 0.7, 0.9]);
    expect(await tellApart(most.updates, limits, most.measure)).toEqual([0, 1]);
    const honest = groupsOf([-1, 0.7, 0.1]);
    expect(await tellApart(honest.updates, limits, honest.measure)).toEqual([]);
    expect(honest.measured).toEqual([3]);
    expect(await tellApart([], limits, honest.measure)).toEqual([]);
  });

  it('[CHECK7] are named only if they hurt alone, and leave a mean that does not hurt or were all beyond luck', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -1, max: 50, noNaN: true }), { maxLength: 20 }),
        async moves => {
          const { updates, measure } = groupsOf(moves);
          const harmful = await tellApart(updates, limits, measure);
          const least = moves.length < 3 ? limits.badly : limits.limits;
          for (const i of harmful) expect(isAbove(await measure([i]), least)).toBe(true);
          const left = updates.filter(i => !harmful.includes(i));
          const isClear = left.length === 0 || !isAbove(await measure(left), least);
          if (!isClear)
            for (const i of harmful)
              expect(isAbove(await measure([i]), [2 * (limits.badly[0] ?? 0)])).toBe(true);
        },
      ),
    ));
});
