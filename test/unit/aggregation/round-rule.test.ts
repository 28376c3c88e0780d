import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawBuckets } from '../../../shared/aggregation/bucketing.ts';
import { roundRule } from '../../../shared/aggregation/round-rule.ts';
import { type AggregationName, robustSchema } from '../../../shared/protocol/aggregation-spec.ts';

const updates = (count: number, root: number | null = null) =>
  Array.from({ length: count }, (_, i) => ({
    weight: 10,
    facts: { norm: 1, sha256: `hash ${i}`, ...(i === root && { root: true }) },
  }));

const chosen = (aggregation: AggregationName, count: number, robust = {}, root: number | null = null) =>
  roundRule({ aggregation, robust: robustSchema.parse(robust) }, updates(count, root));

describe('the rule of a round', () => {
  test.each([
    ['multi-krum', 5, null],
    ['multi-krum', 4, 'geometric-median'],
    ['multi-krum', 2, 'clipped-mean'],
    ['geometric-median', 3, null],
    ['geometric-median', 2, 'clipped-mean'],
    ['trimmed-mean', 3, null],
    ['trimmed-mean', 1, 'clipped-mean'],
    ['median', 2, 'clipped-mean'],
    ['fltrust', 6, 'geometric-median'],
    ['mean', 1, null],
    ['clipped-mean', 1, null],
  ] as const)('%s of %i updates falls back to %s', (name, count, fallback) => {
    expect(chosen(name, count).fallback).toBe(fallback);
  });

  test('counts buckets, not updates', () => {
    expect(chosen('multi-krum', 8, { bucket: 2 }).fallback).toBe('geometric-median');
    expect(chosen('multi-krum', 9, { bucket: 2 }).fallback).toBeNull();
    expect(chosen('multi-krum', 2, { bucket: 2 }).buckets, 'what is clipped stands alone').toBeNull();
  });

  test('compares with a root if there is one', () => {
    const { fallback, buckets } = chosen('fltrust', 3, { bucket: 2 }, 1);
    expect(fallback).toBeNull();
    expect(buckets).toEqual({
      members: [expect.toSatisfy(two => two.length === 2), [1]],
      bucketOf: [0, 1, 0],
      root: 1,
    });
  });

  test('counts on one hostile update at least, and on no more than the rule withstands', () => {
    const hostile = (name: AggregationName, count: number, share: number) =>
      chosen(name, count, { hostile: share }).hostile;
    expect([5, 7, 10, 30].map(n => hostile('multi-krum', n, 0.3))).toEqual([1, 2, 3, 9]);
    expect([3, 4, 10].map(n => hostile('trimmed-mean', n, 0.49))).toEqual([1, 1, 4]);
    expect(hostile('multi-krum', 8, 0.49)).toBe(2);
  });

  test('draws updates together if they are too many to compare', () => {
    expect(chosen('multi-krum', 128).buckets?.members).toHaveLength(128);
    expect(chosen('multi-krum', 129).buckets?.members).toHaveLength(65);
    expect(chosen('median', 512).buckets?.members).toHaveLength(512);
  });
});

describe('buckets', () => {
  test('have each update once, and are as large as asked but for the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), (count, size) => {
        const { members, bucketOf } = drawBuckets(
          updates(count).map(({ facts }) => facts.sha256),
          size,
          null,
        );
        expect(members.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(members.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        for (const [bucket, own] of members.entries()) for (const i of own) expect(bucketOf[i]).toBe(bucket);
      }),
    );
  });

  test('hold the same updates in whatever order they came, and others if one update is another', () => {
    const named = (hashes: string[]) =>
      drawBuckets(hashes, 2, null)
        .members.map(own =>
          own
            .map(i => hashes[i])
            .sort()
            .join(),
        )
        .join(' | ');
    const hashes = Array.from({ length: 12 }, (_, i) => `update ${i}`);
    const drawn = named(hashes);
    expect(named(hashes.toReversed())).toBe(drawn);
    const others = Array.from({ length: 10 }, (_, i) => named([...hashes.slice(0, 11), `another ${i}`]));
    expect(new Set(others.map(text => text.replace(/another \d/, 'update 11'))).size).toBeGreaterThan(5);
  });
});
