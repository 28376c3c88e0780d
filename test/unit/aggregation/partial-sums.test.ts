import { describe, expect, test } from 'vitest';
import { addUpdate, emptySums, mergePartialSums } from '../../../shared/aggregation/partial-sums.ts';
import { unwrap } from '../codec/arbitraries.ts';
import { unit } from './small-unit.ts';

describe('partial sums', () => {
  test('of several cohorts merge to the sum of one', () => {
    const weighing = { weight: 2, scale: 0.5 };
    const update = [Float32Array.of(1, -3)];
    const [a] = addUpdate(emptySums([unit]), update, weighing);
    const [b] = addUpdate(emptySums([unit]), [Float32Array.of(0.25, 8)], weighing);
    const [both] = addUpdate(
      addUpdate(emptySums([unit]), update, weighing),
      [Float32Array.of(0.25, 8)],
      weighing,
    );
    if (!a || !b || !both) throw new Error('one unit');
    expect(unwrap(mergePartialSums(a, b))).toEqual(both);
  });

  test.each([0, 1e-4])('leave an update of weight %d out, and do not count it', weight => {
    const sums = emptySums([unit]);
    expect(addUpdate(sums, [Float32Array.of(1, 1)], { weight, scale: 1 })).toEqual(emptySums([unit]));
  });

  test('never take what the exact sum refuses', () => {
    const loud = [Float32Array.of(1_000, 0)];
    expect(() => addUpdate(emptySums([unit]), loud, { weight: 1, scale: 1 })).toThrow('out-of-range');
  });
});
