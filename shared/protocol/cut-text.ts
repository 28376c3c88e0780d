const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * The beginning of a text, cut between two characters as people see them. An emoji may be many code units, and half of one
 * is no text.
 * @param most code units, as the schemas count
 */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  // A stranger's single character may be longer than all that is allowed.
  const end = graphemes.segment(text.slice(0, 2 * most)).containing(most)?.index || most;
  return text.slice(0, end).replace(/[\ud800-\udbff]$/, '');
}

/** The first character as people see it; empty if there is none. */
export const firstCharacter = (text: string): string => {
  const [first] = graphemes.segment(text);
  return first?.segment ?? '';
};
