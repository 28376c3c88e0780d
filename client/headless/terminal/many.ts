/** A count with its noun: `1 round`, `2 rounds`. */
export const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
