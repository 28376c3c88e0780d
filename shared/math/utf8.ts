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
 * The value of JSON bytes; undefined, which JSON cannot hold, if the bytes are not UTF-8 or not JSON. A byte order mark
 * is not skipped, and so refused: one value has one form on the wire.
 */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/**
 * The lines of a text file that have something in them, without blanks at their ends. Lines may end as on Unix, on
 * Windows or on an old Macintosh. A byte order mark says whether the text is UTF-16, and is no part of it.
 */
export function readTextLines(bytes: Uint8Array): string[] {
  const text = new TextDecoder(encodingOf(bytes), { fatal: false, ignoreBOM: false }).decode(bytes);
  const lines = text.split(/[\r\n\u2028\u2029]+/).map(line => line.trim());
  return lines.filter(line => line !== '');
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
