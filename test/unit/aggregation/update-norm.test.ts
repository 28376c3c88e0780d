import { describe, expect, test } from 'vitest';
import { updateNorm } from '../../../shared/aggregation/update-norm.ts';
import { median } from '../../../shared/math/median.ts';

describe('the norm of an update', () => {
  test('is over all its tensors together', () => {
    expect(updateNorm([Float32Array.of(1, 2), Float32Array.of(), Float32Array.of(-2)])).toBe(3);
    expect(updateNorm([])).toBe(0);
  });

  test('is summed in doubles: neither the large overflow nor the small vanish', () => {
    expect(updateNorm([Float32Array.of(3e38, 3e38)])).toBeCloseTo(3e38 * Math.SQRT2, -33);
    const ones = new Float32Array(2 ** 16).fill(2 ** -14);
    expect(updateNorm([Float32Array.of(1), ones])).toBe(Math.sqrt(1 + 2 ** -12));
  });

  test('is NaN if a value is', () => expect(updateNorm([Float32Array.of(1, Number.NaN)])).toBeNaN());
});

describe('the median', () => {
  test.each([
    [[3, 1, 2], 2],
    [[10, 9, 1, 2], 5.5],
    [[7], 7],
    [[], null],
  ])('of %j is %j', (values, wanted) => expect(median(values)).toBe(wanted));

  test('leaves its input alone', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});
