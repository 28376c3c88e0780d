/** Of the code of a run, in characters: too many to guess, few enough to type. */
export const JOIN_CODE_LENGTH = { min: 6, max: 40 } as const;
