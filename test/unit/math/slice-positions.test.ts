import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countBefore, gatherAt, scatterAt, slicePositions } from '../../../shared/math/slice-positions.ts';
import { propertyRuns } from '../../support/extent.ts';

it('finds the first two columns and the last of a matrix of 2 × 4', () => {
  const columns = [
    { first: 0, count: 2 },
    { first: 3, count: 1 },
  ];
  expect([...slicePositions([2, 4], [[{ first: 0, count: 2 }], columns])]).toEqual([0, 1, 3, 4, 5, 7]);
  expect([...slicePositions([2, 4], [[{ first: 1, count: 1 }], columns])]).toEqual([4, 5, 7]);
  expect([...slicePositions([], [])]).toEqual([0]);
});

/** Sizes, and which indexes are kept of each. */
const axes = fc.array(
  fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }).filter(kept => kept.includes(true)),
  { minLength: 1, maxLength: 4 },
);

const spansOf = (kept: readonly boolean[]) => kept.flatMap((is, first) => (is ? [{ first, count: 1 }] : []));

it('finds every position whose index is kept on each axis, in ascending order', () => {
  fc.assert(
    fc.property(axes, kept => {
      const shape = kept.map(({ length }) => length);
      const elements = shape.reduce((product, size) => product * size, 1);
      const isKept = (position: number): boolean => {
        let rest = position;
        return kept.toReversed().every(axis => {
          const index = rest % axis.length;
          rest = Math.floor(rest / axis.length);
          return axis[index];
        });
      };
      const expected = Array.from({ length: elements }, (_, i) => i).filter(isKept);
      expect([...slicePositions(shape, kept.map(spansOf))]).toEqual(expected);
      for (let position = 0; position <= elements; position++)
        expect(countBefore(shape, kept.map(spansOf), position)).toBe(
          expected.filter(other => other < position).length,
        );
    }),
    { numRuns: propertyRuns(100) },
  );
});

it('finds of a stretch of the tensor what it finds there of all', () => {
  fc.assert(
    fc.property(axes, fc.nat(700), fc.nat(700), (kept, a, b) => {
      const shape = kept.map(({ length }) => length);
      const elements = shape.reduce((product, size) => product * size, 1);
      const [start = 0, end = 0] = [a, b]
        .map(at => at % (elements + 1))
        .toSorted((one, other) => one - other);
      const spans = kept.map(spansOf);
      const expected = slicePositions(shape, spans).filter(position => start <= position && position < end);
      expect(slicePositions(shape, spans, start, end)).toEqual(expected);
    }),
    { numRuns: propertyRuns(200) },
  );
});

it('scatters what it gathered to where it was, and leaves the rest', () => {
  fc.assert(
    fc.property(axes, kept => {
      const shape = kept.map(({ length }) => length);
      const elements = shape.reduce((product, size) => product * size, 1);
      const whole = Float32Array.from({ length: elements }, (_, i) => i + 1);
      const positions = slicePositions(shape, kept.map(spansOf));
      const gathered = gatherAt(whole, positions);
      expect(gathered).toHaveLength(positions.length);
      expect(scatterAt(whole, positions, gathered)).toEqual(whole);
      const alone = scatterAt(new Float32Array(elements), positions, gathered);
      expect(alone.filter(value => value !== 0)).toEqual(gathered);
      expect(gatherAt(alone, positions)).toEqual(gathered);
    }),
    { numRuns: propertyRuns(100) },
  );
});
