import { describe, expect, it } from 'vitest';
import {
  LARGEST_MEAN,
  LARGEST_VARIANCE,
  type Statistic,
  whyImpossible,
} from '../../../shared/protocol/statistic.ts';

const faultOf = (statistic: Statistic, ...values: number[]): string | null =>
  whyImpossible(`block/norm1/moving_${statistic}`, statistic, Float32Array.from(values));

const tooLarge = 'the values that come into the layer are too large';

describe('a statistic', () => {
  it.each([
    ['mean', [0, -300, LARGEST_MEAN, -LARGEST_MEAN]],
    ['variance', [0, 1e-30, 6_000, 1e9, LARGEST_VARIANCE]],
  ] as const)('may be any %s that pictures can have', (statistic, values) => {
    expect(faultOf(statistic, ...values)).toBeNull();
  });

  it('may be of no channel', () => expect(faultOf('mean')).toBeNull());

  it.each([
    ['variance', [1, -3, 2], 'the moving variance of layer block/norm1 is -3: no variance is below zero'],
    [
      'variance',
      [1e30],
      `the moving variance of layer block/norm1 is 1e+30, at most 4294967296 is possible: ${tooLarge}`,
    ],
    [
      'variance',
      [Number.NaN],
      `the moving variance of layer block/norm1 is not a finite number: ${tooLarge}`,
    ],
    [
      'mean',
      [0, -1e5],
      `the moving mean of layer block/norm1 is -100000, at most 65536 is possible: ${tooLarge}`,
    ],
    ['mean', [-Infinity], `the moving mean of layer block/norm1 is not a finite number: ${tooLarge}`],
  ] as const)('%s of %j is told with its layer and its value', (statistic, values, words) => {
    expect(faultOf(statistic, ...values)).toBe(words);
  });

  it('is told just beyond each bound', () => {
    expect(faultOf('mean', LARGEST_MEAN + 1)).not.toBeNull();
    expect(faultOf('variance', LARGEST_VARIANCE + 512)).not.toBeNull();
    expect(faultOf('variance', -1e-40)).not.toBeNull();
  });
});
