/** Bytes of a piece: its characters are arguments of one call, and a multiple of three needs no padding. */
const PIECE = 0x6000;

/** In base64 (RFC 4648), for bytes that stand in a text. */
export function bytesToBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE)
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE))));
  return pieces.join('');
}

/** @throws if the text is not base64 */
export const base64ToBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), char => char.charCodeAt(0));
