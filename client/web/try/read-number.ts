/** A number with a decimal point or a decimal comma; null if the text is none. */
export function readNumber(text: string): number | null {
  const trimmed = text.trim();
  const plain = /^[+-]?\d+,\d+$/.test(trimmed) ? trimmed.replace(',', '.') : trimmed;
  const number = Number(plain);
  return plain === '' || !Number.isFinite(number) ? null : number;
}
