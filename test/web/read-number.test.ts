import { describe, expect, it } from 'vitest';
import { readNumber, readWhole } from '../../client/web/ui/read-number.ts';

const NONE = Number.NaN;

describe('a number that somebody types', () => {
  it.each([
    // What is typed, read in English, read in German.
    ['3', 3, 3],
    [' -3 ', -3, -3],
    ['+2.5', 2.5, 2.5],
    ['-2,5', -2.5, -2.5],
    ['12.', 12, 12],
    ['12,', 12, 12],
    [',5', 0.5, 0.5],
    ['.5', 0.5, 0.5],
    ['0,125', 0.125, 0.125],
    ['0.125', 0.125, 0.125],
    ['1.125', 1.125, NONE],
    ['1,125', NONE, 1.125],
    ['1.000', 1, NONE],
    ['1,000', NONE, 1],
    ['1,000,000', NONE, NONE],
    ['1.000.000', NONE, NONE],
    ['1.000,5', NONE, NONE],
    ['1,000.5', NONE, NONE],
    ['1e3', 1000, 1000],
    ['1,5e-3', 0.0015, 0.0015],
    ['1e999', NONE, NONE],
    ['Infinity', NONE, NONE],
    ['0x10', NONE, NONE],
    ['1 000', NONE, NONE],
    ['50 %', NONE, NONE],
    ['much', NONE, NONE],
    ['', NONE, NONE],
  ])('%j is %d in English and %d in German', (text, english, german) => {
    expect([readNumber(text, 'en'), readNumber(text, 'de')]).toEqual([english, german]);
  });
});

describe('a whole number that somebody types', () => {
  it.each([
    ['12', 12],
    [' +12 ', 12],
    ['-1', -1],
    ['1.000', NONE],
    ['1,000', NONE],
    ['1e3', NONE],
    ['2.5', NONE],
    ['', NONE],
  ])('%j is %d', (text, number) => {
    expect(readWhole(text)).toBe(number);
  });
});
