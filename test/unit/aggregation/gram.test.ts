import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addProducts,
  emptyGram,
  mirror,
  productOf,
  squaredDistance,
} from '../../../shared/aggregation/gram.ts';

const gramOf = (rows: readonly Float32Array[], cuts: readonly number[] = []) => {
  const gram = emptyGram(rows.length);
  const length = rows[0]?.length ?? 0;
  const borders = [0, ...[...cuts].sort((a, b) => a - b).filter(cut => cut < length), length];
  for (const [i, from] of borders.slice(0, -1).entries())
    addProducts(
      gram,
      rows.map(row => row.subarray(from, borders[i + 1])),
    );
  mirror(gram);
  return gram;
};

test('holds products and squared distances (by hand)', () => {
  const gram = gramOf([Float32Array.of(1, 2), Float32Array.of(3, -1), Float32Array.of(0, 0)]);
  expect([...gram.products]).toEqual([5, 1, 0, 1, 10, 0, 0, 0, 0]);
  expect(squaredDistance(gram, 0, 1)).toBe(13);
});

test('makes the products that are wanted, the same to the bit as among all', () => {
  const row = fc.array(fc.float({ noNaN: true, min: -3, max: 3 }), { minLength: 7, maxLength: 7 });
  const rows = fc.array(
    row.map(list => Float32Array.from(list)),
    { minLength: 1, maxLength: 9 },
  );
  fc.assert(
    fc.property(rows, fc.nat(8), (values, at) => {
      const size = values.length;
      const one = at % size;
      const all = gramOf(values);
      for (const wanted of ['none', { with: one }] as const) {
        const gram = emptyGram(size);
        addProducts(gram, values, wanted);
        mirror(gram);
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            const isWanted = i === j || (wanted !== 'none' && (i === one || j === one));
            expect(productOf(gram, i, j)).toBe(isWanted ? productOf(all, i, j) : 0);
          }
      }
    }),
  );
});

test('is the same to the bit however the coordinates are cut and the updates stand', () => {
  const row = (length: number) =>
    fc.array(fc.float({ noNaN: true, min: -3, max: 3 }), { minLength: length, maxLength: length });
  const cases = fc
    .integer({ min: 1, max: 40 })
    .chain(length =>
      fc.tuple(
        fc.array(row(length), { minLength: 1, maxLength: 9 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
      ),
    );
  fc.assert(
    fc.property(cases, ([values, cuts]) => {
      const rows = values.map(list => Float32Array.from(list));
      const whole = gramOf(rows);
      expect(gramOf(rows, cuts)).toEqual(whole);
      const reversed = gramOf(rows.toReversed(), cuts);
      const last = rows.length - 1;
      for (const i of rows.keys())
        for (const j of rows.keys())
          expect(productOf(reversed, last - i, last - j)).toBe(productOf(whole, i, j));
    }),
  );
});
