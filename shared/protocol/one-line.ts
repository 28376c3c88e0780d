/** What moves a terminal's cursor, ends a line, or turns the order of what follows. No text in any message has it. */
const steering = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/**
 * Characters that nobody sees: the rest of the format characters, fillers that are blank and count as letters, and
 * selectors of a variant. Two names that look the same would be two, and a name might look like none.
 */
const INVISIBLE =
  '\\p{Cf}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180d\\u2800\\u3164\\uffa0\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}';

/** Scripts in whose words the joiners U+200C and U+200D are spelling. */
const JOINING = [
  'Arabic',
  'Syriac',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Oriya',
  'Tamil',
  'Telugu',
]
  .concat(['Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Myanmar'])
  .map(script => `\\p{Script=${script}}`)
  .join('');

const EMOJI = '\\p{Extended_Pictographic}[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]*';

/** Where invisible characters are part of what is seen: in emoji, in words of some scripts, and in Japanese names. */
const VISIBLE_TOGETHER = [
  '\\u{1f3f4}[\\u{e0020}-\\u{e007e}]{1,8}\\u{e007f}',
  `${EMOJI}(?:\\u200d${EMOJI})*`,
  '[#*0-9]\\ufe0f\\u20e3',
  `[${JOINING}](?:[\\u200c\\u200d][${JOINING}])+`,
  '\\p{Script=Han}[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]',
].join('|');

/** What is fine comes first, so that its characters are not found one by one. */
const pieces = (): RegExp => new RegExp(`(${VISIBLE_TOGETHER})|${steering.source}|[${INVISIBLE}]`, 'gu');

/** Whether text is safe to print within a line. Messages of every release are so. */
export const isOneLine = (text: string): boolean => !steering.test(text);

export const NOT_ONE_LINE = 'a name is one line without control characters';

/** What most texts are, among them all hashes. */
const IS_ASCII = /^[\x20-\x7e]*$/;

/** Whether text is one line, all of which can be seen. What strangers send is, and what older releases let in may not be. */
export const isPlain = (text: string): boolean => IS_ASCII.test(text) || toOneLine(text) === text;

export const NOT_PLAIN = 'a text is one line without control, direction or invisible characters';

/** The text with `\u{1b}` in place of an escape, and so on. */
export const toOneLine = (text: string): string =>
  text.replace(pieces(), (piece: string, fine: string | undefined) => fine ?? `\\u{${codeOf(piece)}}`);

const codeOf = (char: string): string => (char.codePointAt(0) ?? 0).toString(16);

/**
 * A text in a value that was parsed from JSON, keys included, that is not plain.
 * @returns where it is, as `spec.name`; null if all are plain
 */
export const findNotPlain = (value: unknown): string | null => {
  const path = pathToNotPlain(value);
  return path && (path.join('.') || 'body');
};

/** It walks through megabytes of a stranger's values, so it makes no path before it has found something. */
function pathToNotPlain(value: unknown): string[] | null {
  if (typeof value === 'string') return isPlain(value) ? null : [];
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return pathInList(value);
  for (const [key, inner] of Object.entries(value)) {
    if (!isPlain(key)) return [toOneLine(key)];
    const found = pathToNotPlain(inner);
    if (found) return [key, ...found];
  }
  return null;
}

function pathInList(list: readonly unknown[]): string[] | null {
  for (const [i, item] of list.entries()) {
    const found = pathToNotPlain(item);
    if (found) return [String(i), ...found];
  }
  return null;
}
