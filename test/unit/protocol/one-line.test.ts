import { expect, test } from 'vitest';
import { findNotPlain, isOneLine, isPlain, toOneLine } from '../../../shared/protocol/one-line.ts';

test.each([
  ['letters of many scripts', 'Ada Łukasiewicz · Μαρία · Наташа · שרה · 李小龍 · สมชาย'],
  ['accents, composed or not', 'José Jose\u0301'],
  ['Persian with its joiner', 'می\u200cخواهم'],
  ['Hindi and Sinhala with their joiners', 'क्\u200dष ශ්\u200dරී'],
  ['a Japanese name with a variant', '葛\u{e0100}城'],
  [
    'emoji, joined, coloured, flagged and boxed',
    '👩🏽\u200d💻 ❤\ufe0f 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 🇫🇷 1\ufe0f\u20e3',
  ],
  ['signs', '<b>"\'\\ %s – …'],
])('%s are plain, and shown as they are', (_, text) => {
  expect(isPlain(text)).toBe(true);
  expect(toOneLine(text)).toBe(text);
});

test.each([
  ['an escape', 'a\u001b[2Jb', 'a\\u{1b}[2Jb'],
  ['a C1 control', 'a\u009b2J', 'a\\u{9b}2J'],
  ['the end of a line', 'a\nb\rc\u2028d\u2029e', 'a\\u{a}b\\u{d}c\\u{2028}d\\u{2029}e'],
  ['delete and null', '\u007f\u0000', '\\u{7f}\\u{0}'],
  ['an override and an isolate of direction', '\u202eabc\u2066', '\\u{202e}abc\\u{2066}'],
  ['marks of direction', 'a\u200e\u200f\u061c', 'a\\u{200e}\\u{200f}\\u{61c}'],
  ['a lone surrogate', 'a\ud83d', 'a\\u{d83d}'],
  ['blanks of no width', 'A\u200bda\u2060\ufeff', 'A\\u{200b}da\\u{2060}\\u{feff}'],
  ['joiners between letters that need none', 'A\u200dd\u200ca', 'A\\u{200d}d\\u{200c}a'],
  ['joiners at an end, and doubled', 'می\u200c क\u200d\u200dष', 'می\\u{200c} क\\u{200d}\\u{200d}ष'],
  ['a soft hyphen', 'Ada\u00ad', 'Ada\\u{ad}'],
  ['fillers that are blank and count as letters', '\u3164\u115f\u2800', '\\u{3164}\\u{115f}\\u{2800}'],
  ['tags and selectors of nothing', 'A\u{e0041}B\ufe0f', 'A\\u{e0041}B\\u{fe0f}'],
])('%s is not plain, and shown harmlessly', (_, text, shown) => {
  expect(isPlain(text)).toBe(false);
  expect(toOneLine(text)).toBe(shown);
  expect(isPlain(shown)).toBe(true);
});

test('what older releases let in is still one line: their runs must be read', () => {
  expect(isOneLine('A\u200bda \u3164')).toBe(true);
  expect(isOneLine('A\u202eda')).toBe(false);
});

test('the first text that is not plain is found, whether a value or a key', () => {
  expect(findNotPlain({ spec: { name: 'fine', seed: 1, list: [null, true, 'ok'] } })).toBeNull();
  expect(findNotPlain({ spec: { name: 'A\u200bda' } })).toBe('spec.name');
  expect(findNotPlain({ list: ['fine', { deep: '\u001b' }] })).toBe('list.1.deep');
  expect(findNotPlain({ segments: { 'a\u001b': 1 } })).toBe('segments.a\\u{1b}');
  expect(findNotPlain('\u0007')).toBe('body');
  expect(findNotPlain(undefined)).toBeNull();
});
