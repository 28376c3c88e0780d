import { withPoint } from '../../../shared/datasets/table/read-number.ts';
import { type Language, languageNow } from '../words/language.ts';

/** What groups thousands. Between digits it may also be somebody's decimal mark. */
const grouped: Readonly<Record<Language, RegExp>> = {
  en: /^[+-]?[1-9]\d{0,2}(,\d{3})+$/,
  de: /^[+-]?[1-9]\d{0,2}(\.\d{3})+$/,
};

/**
 * A number as people type it: with a decimal point or a decimal comma, and with an exponent if they like. NaN if it is
 * none.
 * @param language of the page: a number that may be 1,000 or 1 in it is none
 */
export function readNumber(text: string, language: Language = languageNow()): number {
  const typed = text.trim();
  if (grouped[language].test(typed)) return Number.NaN;
  const number = withPoint(typed.replace(/^([^,.]*),([^,.]*)$/, '$1.$2')) ?? Number.NaN;
  return Number.isFinite(number) ? number : Number.NaN;
}

/**
 * A whole number. NaN if it is none. A point or a comma in it is refused: to one reader `1.000` is one, to another a
 * thousand.
 */
export const readWhole = (text: string): number =>
  /^[+-]?\d+$/.test(text.trim()) ? readNumber(text) : Number.NaN;
