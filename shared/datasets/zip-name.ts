import { decodeText } from '../math/utf8.ts';

/** The upper half of code page 437, in which zips have names that are not UTF-8 (APPNOTE.TXT 6.3.10, appendix D). */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** Two names that differ stay different, whatever program wrote them. */
export function decodeZipName(bytes: Uint8Array): string {
  const name = decodeText(bytes);
  if (!name.includes('\ufffd')) return name;
  return Array.from(bytes, byte =>
    byte < 128 ? String.fromCharCode(byte) : CODE_PAGE_437.charAt(byte - 128),
  ).join('');
}
