import { expect, it } from 'vitest';
import { hasFailedOften, withFailure } from '../../../shared/federation/evaluation/failed-judges.ts';

const after = (...ids: readonly string[]): readonly string[] =>
  ids.reduce<readonly string[]>(withFailure, []);

it('[EVAL8] knows who has failed twice, and no more of anybody', () => {
  const failed = after('eve', 'bob', 'eve', 'eve', 'eve');
  expect(failed).toEqual(['eve', 'bob', 'eve']);
  expect(hasFailedOften(failed, 'eve')).toBe(true);
  expect(hasFailedOften(failed, 'bob')).toBe(false);
  expect(hasFailedOften([], 'eve')).toBe(false);
});

it('[EVAL8] remembers the last 512 failures, however many come and say nothing', () => {
  const crowd = Array.from({ length: 2_000 }, (_, i) => [`sybil${i}`, `sybil${i}`]).flat();
  const failed = after(...crowd);
  expect(failed).toEqual(crowd.slice(-512));
  expect(hasFailedOften(failed, 'sybil1999')).toBe(true);
  expect(hasFailedOften(failed, 'sybil0')).toBe(false);
});
