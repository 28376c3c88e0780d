/**
 * Every platform has UTF-8 at run time. But its types live in the DOM and Node libraries, which `shared` must not see.
 */
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/**
 * The deepest that JSON may nest. Models stand in models 16 deep at most, and each of them takes four levels. Whoever walks
 * through a value by recursion can rely on this: the stack holds thousands of levels.
 */
const MAX_JSON_DEPTH = 200;

/**
 * The value of JSON bytes; undefined, which JSON cannot hold, if the bytes are not UTF-8, not JSON, or nest too deep. A byte
 * order mark is not skipped, and so refused: one value has one form on the wire.
 */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  if (nestsTooDeep(bytes)) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `{` and `[`, and what closes them. No byte of a longer UTF-8 character is any of these. */
const OPENING: readonly number[] = [0x7b, 0x5b];
const CLOSING: readonly number[] = [0x7d, 0x5d];

/** Whether these bytes, if they are JSON, nest deeper than any value that is read here. */
export function nestsTooDeep(bytes: Uint8Array): boolean {
  let [depth, isText] = [0, false];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (isText && byte === BACKSLASH) i += 1;
    else if (byte === QUOTE) isText = !isText;
    else if (isText) continue;
    else if (CLOSING.includes(byte)) depth -= 1;
    else if (OPENING.includes(byte) && ++depth > MAX_JSON_DEPTH) return true;
  }
  return false;
}

/**
 * The lines of a text file that have something in them, without blanks at their ends. Lines may end as on Unix, on
 * Windows or on an old Macintosh. A byte order mark says whether the text is UTF-16, and is no part of it.
 */
export function readTextLines(bytes: Uint8Array): string[] {
  const lines = decodeText(bytes)
    .split(/[\r\n\u2028\u2029]+/)
    .map(line => line.trim());
  return lines.filter(line => line !== '');
}

/** A text of any bytes. What is not UTF-8 becomes U+FFFD. A byte order mark says whether it is UTF-16, and is no part of it. */
export const decodeText = (bytes: Uint8Array): string =>
  new TextDecoder(encodingOf(bytes), { fatal: false, ignoreBOM: false }).decode(bytes);

/**
 * A text as programs for spreadsheets write it: UTF-8 or UTF-16, or else the code page of Windows in the West, which a
 * table has if it was saved as plain CSV.
 */
export function decodeSheet(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: encoding === 'utf-8', ignoreBOM: false }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252', { fatal: false, ignoreBOM: false }).decode(bytes);
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
