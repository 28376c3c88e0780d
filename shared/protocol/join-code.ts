/** Of the code of a run, in characters: too many to guess, few enough to type. */
export const JOIN_CODE_LENGTH = { min: 6, max: 40 } as const;

/**
 * A code as it is compared: in small letters and without what people put between its groups. So nobody is turned away for a
 * capital letter, a space or a hyphen.
 */
export const plainJoinCode = (code: string): string =>
  code
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s-]+/g, '');
