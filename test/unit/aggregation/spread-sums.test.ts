import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addScaled,
  type ExactSum,
  emptySum,
  meanOf,
  mergeSums,
  spreadTo,
} from '../../../shared/aggregation/exact-sum.ts';
import { foldUnits } from '../../../shared/aggregation/fold-units.ts';
import { emptyStatisticSum } from '../../../shared/aggregation/statistic-sum.ts';
import { decodeSum, encodeSum } from '../../../shared/aggregation/sum-bytes.ts';
import { nestedSlices } from '../../../shared/plan/slices/nested-slices.ts';
import { propertyRuns } from '../../support/extent.ts';
import { sliceableModel } from '../../support/sliceable-model.ts';
import { unwrap } from '../codec/arbitraries.ts';

const sumOf = (values: readonly number[], weight: number): ExactSum =>
  unwrap(addScaled(emptySum(values.length), Float32Array.from(values), weight));

describe('a sum of some elements, spread over all', () => {
  it('has weight where they are, and merges with sums of others', () => {
    const some = spreadTo(sumOf([1, 2], 10), 4, Uint32Array.of(0, 2));
    expect([...(some.weights ?? [])]).toEqual([10, 0, 10, 0]);
    const other = spreadTo(sumOf([6, 5], 20), 4, Uint32Array.of(2, 3));
    const both = unwrap(mergeSums(some, other));
    expect([...(both.weights ?? [])]).toEqual([10, 0, 30, 20]);
    expect(both.weight).toBe(30);
    expect([...(meanOf(both) ?? [])]).toEqual([1, -0, Math.fround(140 / 30), 5]);
  });

  it('merges with a sum of all elements, from either side', () => {
    const some = () => spreadTo(sumOf([4], 10), 2, Uint32Array.of(1));
    const all = () => sumOf([1, 1], 20);
    for (const merged of [mergeSums(some(), all()), mergeSums(all(), some())])
      expect([...(meanOf(unwrap(merged)) ?? [])]).toEqual([1, 2]);
  });

  it('is the same to the bit in any order and grouping', () => {
    const elements = 5;
    const part = fc
      .tuple(
        fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }),
        fc.array(fc.float({ min: -64, max: 64, noNaN: true }), { minLength: 5, maxLength: 5 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
      )
      .map(([places, values, weight]) => ({ places, values: values.slice(0, places.length), weight }));
    const spread = ({ places, values, weight }: { places: number[]; values: number[]; weight: number }) =>
      spreadTo(sumOf(values, weight), elements, Uint32Array.from(places));
    const snapshot = (sum: ExactSum): ExactSum => ({ ...sum, sums: sum.sums.slice() });
    const merge = (sums: readonly ExactSum[]): ExactSum =>
      sums.reduce((a, b) => unwrap(mergeSums(snapshot(a), b)));
    const bits = ({ sums, weights, weight }: ExactSum) => [
      [...new BigUint64Array(sums.slice().buffer)],
      [...new BigUint64Array((weights ?? sums).slice().buffer)],
      weight,
    ];
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 6 }), fc.nat(), (parts, at) => {
        const sums = parts.map(spread);
        const cut = 1 + (at % (sums.length - 1));
        const grouped = merge([merge(sums.slice(cut)), merge(sums.slice(0, cut))]);
        expect(bits(grouped)).toEqual(bits(merge(sums.toReversed())));
        expect(bits(grouped)).toEqual(bits(merge(sums)));
      }),
      { numRuns: propertyRuns(50) },
    );
  });
});

describe('sums on their way between cohorts', () => {
  const [unit] = foldUnits(sliceableModel([4, 2], [1, 1]).outline, ['segment-2']);
  if (!unit) throw new Error('a segment without shards');
  const statistics = emptyStatisticSum(0);

  it('keep the weight of each element', () => {
    const sum = spreadTo(sumOf([1.5, -2.25, 3], 7.125), unit.elements, Uint32Array.of(0, 5, 17));
    expect(decodeSum(unit, encodeSum({ unit, sum, statistics }))).toEqual({ unit, sum, statistics });
  });

  it('have none if all had all elements', () => {
    const sum = sumOf(Array(unit.elements).fill(1), 3);
    expect(decodeSum(unit, encodeSum({ unit, sum, statistics })).sum.weights).toBeUndefined();
  });
});

describe('the shards of sliced updates', () => {
  it('have together what the sliced tensors have, each tensor’s pieces one after another', () => {
    const { outline } = sliceableModel([700, 720], [7, 8]);
    const slices = nestedSlices(outline.spaces ?? [], 0.5);
    const units = foldUnits(outline, ['segment-2'], slices);
    expect(units.length).toBeGreaterThan(2);
    const pieces = units.flatMap(each => each.pieces);
    const kernel = pieces.filter(({ tensor }) => tensor === 0);
    kernel.reduce((end, { offset, elements }) => {
      expect(offset).toBe(end);
      return end + elements;
    }, 0);
    expect(kernel.reduce((sum, { elements }) => sum + elements, 0)).toBe(350 * 360);
    expect(units.reduce((sum, { elements }) => sum + elements, 0)).toBe(350 * 360 + 10);
  });
});
