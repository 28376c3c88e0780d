import { afterEach, describe, expect, it } from 'vitest';
import {
  formatClock,
  formatDate,
  formatDay,
  formatMoment,
  formatNumber,
} from '../../client/web/ui/format.ts';
import { type Language, loadLanguage } from '../../client/web/words/language.ts';

afterEach(() => loadLanguage('en'));

const at = new Date(2026, 10, 5, 14, 3).getTime();

describe('a date', () => {
  it.each<[Language, string[]]>([
    ['en', ['5 Nov 2026', '5 November', '5 Nov 2026, 14:03', '5 Nov 2026, 14:03']],
    ['de', ['5. Nov. 2026', '5. November', '5. Nov. 2026, 14:03', '5. Nov. 2026, 14:03']],
  ])('has one form on all pages in %s', async (language, shown) => {
    await loadLanguage(language);
    expect([formatDate(at), formatDay(at), formatMoment(at), formatClock(at, at + 1e9)]).toEqual(shown);
  });
});

describe('a number to be typed', () => {
  it.each([
    [0.00002, '0.00002'],
    [0.05, '0.05'],
    [28.000000000000004, '28'],
    [100 / 3, '33.3333'],
    [2147483648, '2147483648'],
  ])('%d is %s', (value, shown) => {
    expect(formatNumber(value)).toBe(shown);
  });
});
