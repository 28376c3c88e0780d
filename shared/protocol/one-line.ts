/**
 * What moves a terminal's cursor, ends a line or turns the order of what follows: control characters, line and paragraph
 * separators, lone surrogates, and the marks by which text overrides its direction.
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/** Whether text is safe to print within a line. Names are, because terminals show those that strangers have chosen. */
export const isOneLine = (text: string): boolean => !unprintable.test(text);

export const NOT_ONE_LINE = 'a name is one line without control characters';

/** The text with `\u{1b}` in place of an escape, and so on. */
export const toOneLine = (text: string): string =>
  text.replace(new RegExp(unprintable, 'gu'), char => `\\u{${(char.codePointAt(0) as number).toString(16)}}`);
