import { cutText } from '../../../../shared/protocol/cut-text.ts';
/** A field of something that may be an object. */
export const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === field)?.[1]
    : undefined;

/** An entry of a table. A file may name something that every object inherits. */
export const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const LONGEST = 60;

/** A value of a file in words, short. A stranger's file may nest values deeper than a stack reaches. */
export function shortJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.slice(0, 4).map(shortItem)}${value.length > 4 ? ', …' : ''}]`;
  return shortItem(value);
}

function shortItem(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}';
  const json = JSON.stringify(value) ?? 'undefined';
  return json.length > LONGEST ? `${cutText(json, LONGEST)}…` : json;
}

/** One number, or one for each channel, as a list. */
export const numbersOf = (value: unknown): number[] => [value].flat().map(Number);
