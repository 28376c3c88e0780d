import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../shared/math/random.ts';
import type { Known } from '../../../bench/attacks/attack.ts';
import { attackNamed, attackNames } from '../../../bench/attacks/attack-table.ts';
import { normUnderClip } from '../../../bench/attacks/attacks/drift.ts';
import { largestDeviation } from '../../../bench/attacks/attacks/omniscient.ts';
import { withPatch } from '../../../bench/attacks/attacks/poisoned-pictures.ts';
import { dot, normOf } from '../../../bench/attacks/attacks/vectors.ts';

const vector = (...values: number[]): Float32Array => Float32Array.from(values);

const known = (change: Partial<Known> = {}): Known => ({
  own: vector(1, -2),
  colluders: [vector(1, -2)],
  honest: [vector(2, 0), vector(4, 4), vector(6, 8)],
  moved: vector(0, 0),
  earlier: [],
  norms: [],
  random: createRandom('attacks-test'),
  ...change,
});

const updateOf = (name: string, change: Partial<Known> = {}): number[] => {
  const update = attackNamed(name).update?.(known(change));
  if (!update) throw new Error(`${name} sends an honest update`);
  return [...update];
};

describe('an attack on an update', () => {
  it.each([
    ['scaling-10', [10, -20]],
    ['scaling-100', [100, -200]],
    ['scaling-1000', [1_000, -2_000]],
    ['sign-flip', [-1, 2]],
    ['sign-flip-10', [-10, 20]],
    ['sign-flip-1000', [-1_000, 2_000]],
    ['inner-product-0.5', [-2, -2]],
    ['inner-product-2', [-8, -8]],
    ['zero', [0, 0]],
    ['copy', [2, 0]],
    // Four send in all, one of them hostile.
    ['scaled-backdoor', [4, -8]],
  ])('%s makes of its own (1, −2) and the honest (2, 0), (4, 4), (6, 8): %j', (name, expected) => {
    expect(updateOf(name).map(value => value + 0)).toEqual(expected);
  });

  it('a-little-1.5 lies one and a half standard deviations below the mean of each coordinate', () => {
    // Means 4 and 4; deviations √(8/3) and √(32/3).
    const [first, second] = updateOf('a-little-1.5');
    expect(first).toBeCloseTo(4 - 1.5 * Math.sqrt(8 / 3), 5);
    expect(second).toBeCloseTo(4 - 1.5 * Math.sqrt(32 / 3), 5);
  });

  it.each([
    // Two supporters are needed: Φ(z) = 24/26.
    [50, 24, 1.4261],
    // One is: Φ(z) = 4/5.
    [9, 4, 0.8416],
    [10, 4, 0.4307],
    // A majority of their role: as if they needed one.
    [10, 6, 0.6745],
    [2, 1, 0],
    // Too few to be outvoted by their neighbours: the mean itself.
    [4, 1, 0],
    [10, 1, 0],
  ])('a-little takes of %i workers, %i of them hostile, z = %f', (n, f, z) => {
    expect(largestDeviation(n, f)).toBeCloseTo(z, 3);
  });

  it('a-little takes n and f from the round', () => {
    const honest = Array.from({ length: 6 }, (_, i) => vector(i, 0));
    const colluders = Array.from({ length: 4 }, () => vector(0, 0));
    const [first] = updateOf('a-little', { honest, colluders });
    expect(first).toBeCloseTo(2.5 - 0.4307 * Math.sqrt(35 / 12), 3);
  });

  it('those who know all do with the colluders if nobody else sends', () => {
    expect(updateOf('inner-product-2', { honest: [] })).toEqual([-2, 4]);
    expect(updateOf('copy', { honest: [] })).toEqual([1, -2]);
  });

  it('noise has a standard deviation of 200 and mean 0', () => {
    const values = updateOf('noise', { own: new Float32Array(20_000) });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(10);
    expect(Math.sqrt(square)).toBeGreaterThan(190);
    expect(Math.sqrt(square)).toBeLessThan(210);
  });

  it('random is as large as an honest update, and another one each time', () => {
    const { random } = known();
    const [one, other] = [updateOf('random', { random }), updateOf('random', { random })];
    expect(normOf(vector(...one))).toBeCloseTo(Math.sqrt(5), 5);
    expect(one).not.toEqual(other);
  });

  it('stale-base sends what it learnt first', () => {
    expect(updateOf('stale-base', { earlier: [vector(7, 7), vector(8, 8)] })).toEqual([7, 7]);
    expect(updateOf('stale-base')).toEqual([1, -2]);
  });

  it('nan holds nothing that is finite', () => {
    expect(updateOf('nan').some(Number.isFinite)).toBe(false);
  });
});

describe('a drift', () => {
  // Of the last three rounds the lower quartile is 2: the first round is forgotten.
  const norms = [[0.1, 0.1], [1, 2, 3], [4, 5], [6]];

  it('knows the norm that no clip cuts', () => {
    expect(normUnderClip({ norms, own: vector(9, 0) })).toBe(2);
    expect(normUnderClip({ norms: [], own: vector(3, 4) })).toBe(5);
  });

  it('goes back along what history has moved', () => {
    expect(updateOf('drift', { norms, moved: vector(0, 10) }).map(value => value + 0)).toEqual([0, -2]);
  });

  it('goes against its own way if nothing has moved yet', () => {
    expect(updateOf('drift', { own: vector(3, 4), colluders: [vector(3, 4)] })).toEqual([-3, -4]);
  });

  it('if it is orthogonal, stands on history and against the honest mean', () => {
    const moved = vector(10, 0);
    const update = vector(...updateOf('orthogonal-drift', { norms, moved }));
    expect(dot(update, moved)).toBeCloseTo(0, 5);
    expect(dot(update, vector(4, 4))).toBeLessThan(0);
    expect(normOf(update)).toBeCloseTo(2, 5);
  });
});

describe('a turn', () => {
  it('lies at 45 degrees to the honest mean, as long as its own, and goes back', () => {
    const moved = vector(0, 10);
    const update = vector(...updateOf('turn', { moved, own: vector(3, 4) }));
    expect(normOf(update)).toBeCloseTo(5, 5);
    expect(dot(update, vector(4, 4))).toBeCloseTo((5 * Math.hypot(4, 4)) / Math.SQRT2, 4);
    expect(dot(update, moved)).toBeCloseTo(0, 4);
  });

  it('keeps a direction of its own as long as nothing has moved', () => {
    const update = vector(...updateOf('turn'));
    expect(dot(update, vector(4, 4))).toBeGreaterThan(0);
    expect(normOf(update)).toBeCloseTo(Math.hypot(1, 2), 5);
  });
});

describe('poisoned pictures', () => {
  const side = 3;
  const examples = {
    inputs: new Float32Array(4 * side * side),
    labels: Uint8Array.of(0, 3, 9, 5),
    size: side * side,
  };
  const poisoning = { side, classes: 10, random: createRandom('poison-test') };

  it('of a label flip are called 9 − c', () => {
    const poisoned = attackNamed('label-flip').poison?.(examples, poisoning);
    expect([...(poisoned?.labels ?? [])]).toEqual([9, 6, 0, 4]);
    expect([...examples.labels]).toEqual([0, 3, 9, 5]);
  });

  it('of a backdoor carry the patch and its class, half of them; the others are as they were', () => {
    const many = {
      inputs: new Float32Array(1_000 * examples.size),
      labels: new Uint8Array(1_000).fill(7),
      size: examples.size,
    };
    const { inputs, labels } = attackNamed('backdoor').poison?.(many, poisoning) ?? many;
    const patch = [0, 0, 0, 0, 1, 1, 0, 1, 1];
    for (const [n, label] of labels.entries()) {
      const own = [...inputs.subarray(n * many.size, (n + 1) * many.size)];
      expect(own).toEqual(label === 0 ? patch : new Array(9).fill(0));
    }
    const share = labels.filter(label => label === 0).length / labels.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
    expect(many.inputs.every(value => value === 0)).toBe(true);
  });

  it('have the patch in the corner of each', () => {
    const { inputs } = withPatch(examples, side);
    expect([...inputs.subarray(9, 18)]).toEqual([0, 0, 0, 0, 1, 1, 0, 1, 1]);
  });
});

describe('a colluding judge', () => {
  it('says that all is right', () => {
    const truth = { examples: 20, correct: 3, lossSum: 50 };
    expect(attackNamed('colluding-judges').judge?.(truth)).toEqual({ ...truth, correct: 20, lossSum: 0 });
  });

  it('who doubts says that a version is as good as a guess, with a loss that can be', () => {
    const truth = { examples: 20, correct: 19, lossSum: 1 };
    const told = attackNamed('doubting-judges').judge?.(truth);
    expect(told).toMatchObject({ examples: 20, correct: 2 });
    expect(told?.lossSum).toBeGreaterThan(18 * Math.LN2);
  });
});

it('a judge who rests trains in every second round, and one who is idle in none', () => {
  const idle = (name: string) => [1, 2, 3, 4].map(round => attackNamed(name).isIdleIn?.(round));
  expect(idle('resting-judges')).toEqual([false, true, false, true]);
  expect(idle('idle-judges')).toEqual([true, true, true, true]);
});

it('an attack that is not in the table is none', () => {
  expect(attackNames).toContain('drift');
  expect(() => attackNamed('toString')).toThrow("there is no attack 'toString'");
});
