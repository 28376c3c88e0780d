import type { Language } from '../words/language.ts';

/** What groups thousands. Between digits it may also be somebody's decimal mark. */
const grouped: Readonly<Record<Language, RegExp>> = {
  en: /^[+-]?[1-9]\d{0,2}(,\d{3})+$/,
  de: /^[+-]?[1-9]\d{0,2}(\.\d{3})+$/,
};

/**
 * A number with a decimal point or a decimal comma; null if the text is none.
 * @param language of the page: a number that is 1,000 in one language and 1 in another is none
 */
export function readNumber(text: string, language: Language): number | null {
  const trimmed = text.trim();
  if (grouped[language].test(trimmed)) return null;
  const plain = /^[+-]?\d+,\d+$/.test(trimmed) ? trimmed.replace(',', '.') : trimmed;
  const number = Number(plain);
  return plain === '' || !Number.isFinite(number) ? null : number;
}
