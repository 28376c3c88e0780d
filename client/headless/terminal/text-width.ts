/** How much room text takes in a terminal, in cells: a letter takes one, most emoji and East Asian characters take two. */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The characters that a reader sees as one. A family of emoji is one, and so is a letter with its accents. */
export const graphemesOf = (text: string): string[] =>
  Array.from(graphemes.segment(text), ({ segment }) => segment);

/** The ranges that Unicode's East Asian Width has as wide or full-width (UAX #11), without the emoji. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f/u;
const UNSEEN = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const IS_ASCII = /^[\x20-\x7e]*$/;

const cellsOf = (grapheme: string): number =>
  UNSEEN.test(grapheme) ? 0 : WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1;

/** @returns the cells that one line of text takes */
export const widthOf = (text: string): number =>
  IS_ASCII.test(text) ? text.length : graphemesOf(text).reduce((sum, one) => sum + cellsOf(one), 0);

/** The text with blanks behind it, or before it, up to a width. */
export function padText(text: string, width: number, isAtLeft: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return isAtLeft ? text + blanks : blanks + text;
}

/** As much of the text's beginning as the room allows. No character is cut in half. */
export function cutToWidth(text: string, room: number): string {
  let [kept, left] = ['', room];
  for (const grapheme of graphemesOf(text)) {
    left -= cellsOf(grapheme);
    if (left < 0) break;
    kept += grapheme;
  }
  return kept;
}

/** The text in lines of at most this width, broken behind blanks and hyphens. A longer word is broken within. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=[ -])/)) {
    if (widthOf((line + word).trimEnd()) <= width) line += word;
    else {
      if (line !== '') lines.push(line);
      const pieces = breakWord(word, width);
      line = pieces.pop() ?? '';
      lines.push(...pieces);
    }
  }
  return [...lines, line].map(wrapped => wrapped.trimEnd());
}

function breakWord(word: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (widthOf(rest.trimEnd()) > width) {
    // A wide character in a column of one cell still has to go somewhere.
    const piece = cutToWidth(rest, width) || (graphemesOf(rest)[0] ?? rest);
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest];
}
