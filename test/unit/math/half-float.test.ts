import { expect, test } from 'vitest';
import { decodeHalf, encodeHalf } from '../../../shared/math/half-float.ts';

/** IEEE 754 by its definition, in doubles: the reference for the integer tricks. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Infinity;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

const everyHalf = Uint16Array.from({ length: 65536 }, (_, i) => i);
const halfOf = (...values: number[]): number[] => [...encodeHalf(Float32Array.from(values))];
const isNaNHalf = (bits: number): boolean => (bits & 0x7fff) > 0x7c00;

test('decodes all 65,536 halves to the value the standard gives them', () => {
  const values = decodeHalf(everyHalf);
  const wrong = [...everyHalf].filter(bits => !Object.is(values[bits], halfValue(bits)));
  expect(wrong).toEqual([]);
});

test('encodes the value of each of the 65,536 halves back to its bits, any NaN to a NaN of its sign', () => {
  const again = encodeHalf(decodeHalf(everyHalf));
  const wrong = [...everyHalf].filter(bits =>
    isNaNHalf(bits)
      ? !isNaNHalf(again[bits] ?? 0) || ((again[bits] ?? 0) ^ bits) & 0x8000
      : again[bits] !== bits,
  );
  expect(wrong).toEqual([]);
});

test('between two halves rounds to the nearest, in the middle to the even one, for every pair', () => {
  const f32 = new Float32Array(1);
  const bits = new Uint32Array(f32.buffer);
  const neighbour = (value: number, step: number): number => {
    f32[0] = value;
    bits[0] = (bits[0] ?? 0) + step;
    return f32[0] ?? 0;
  };
  const wrong: number[] = [];
  for (let low = 0; low < 0x7bff; low++) {
    const middle = (halfValue(low) + halfValue(low + 1)) / 2; // exact in f32: a half's mantissa and one bit
    const even = low % 2 === 0 ? low : low + 1;
    const rounded = halfOf(neighbour(middle, -1), middle, neighbour(middle, 1));
    const negative = halfOf(-neighbour(middle, -1), -middle, -neighbour(middle, 1));
    const wanted = [low, even, low + 1];
    if (!wanted.every((half, i) => rounded[i] === half && negative[i] === (half | 0x8000))) wrong.push(low);
  }
  expect(wrong).toEqual([]);
});

test('the end of the range: 65519.996 is the largest half, 65520 and beyond infinite', () => {
  expect(halfOf(65504, 65519.99609375, 65520, 3.4e38, Infinity, -65520)).toEqual([
    0x7bff, 0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00,
  ]);
});

test('what is at most half the smallest half is a zero of its sign', () => {
  expect(halfOf(2 ** -25, 2 ** -149, -(2 ** -25), 0, -0)).toEqual([0, 0, 0x8000, 0, 0x8000]);
});

test('reads only its own part of a larger buffer', () => {
  const values = Float32Array.of(9, 1, -2, 9).subarray(1, 3);
  expect([...encodeHalf(values)]).toEqual([0x3c00, 0xc000]);
  expect([...decodeHalf(Uint16Array.of(0, 0x3c00, 0xc000).subarray(1))]).toEqual([1, -2]);
});
