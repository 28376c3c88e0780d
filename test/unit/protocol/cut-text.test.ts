import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText, firstCharacter } from '../../../shared/protocol/cut-text.ts';

const family = '👩‍👩‍👧';

test.each([
  ['Ada', 3, 'Ada'],
  ['Ada Lovelace', 3, 'Ada'],
  ['Ada 🚀', 5, 'Ada '],
  ['Ada 🚀', 6, 'Ada 🚀'],
  [`Ada ${family}!`, 4 + family.length, `Ada ${family}`],
  [`Ada ${family}!`, 3 + family.length, 'Ada '],
  ['e\u0301te\u0301', 4, 'e\u0301t'],
  ['', 3, ''],
])('%j cut after %i is %j', (text, most, cut) => {
  expect(cutText(text, most)).toBe(cut);
});

test('a single character that is longer than all is cut within, and no code point is', () => {
  expect(cutText(`e${'\u0301'.repeat(50)}`, 10)).toBe(`e${'\u0301'.repeat(9)}`);
  expect(cutText(`👩${'\u200d👩'.repeat(50)}`, 4)).toBe('👩\u200d');
});

test('what is cut is well-formed, no longer than allowed, and how the text begins', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
      (text, most) => {
        const cut = cutText(text, most);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
      },
    ),
  );
});

test('the first character is whole', () => {
  expect(firstCharacter(`${family}Ada`)).toBe(family);
  expect(firstCharacter('Ada')).toBe('A');
  expect(firstCharacter('')).toBe('');
});
