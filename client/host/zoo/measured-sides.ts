/**
 * Sides of pictures for which the networks of the zoo were measured. Networks halve pictures, so what they cost on any
 * multiple of 32 follows from 32.
 */
export const measuredSides = [8, 28, 32] as const;
