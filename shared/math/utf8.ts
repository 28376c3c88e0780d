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
