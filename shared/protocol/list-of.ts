import * as z from 'zod';
import { readItems } from './read-items.ts';

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** More than any message has. */
const MOST_ITEMS = 10_000_000;

/**
 * A list that is read up to its first wrong item. zod's own list makes an issue of each wrong one, of about a kilobyte: a
 * stranger's two megabytes of them would fill the memory of a Worker.
 */
export const listOf = <Item extends z.ZodType>(item: Item, { min = 0, max = MOST_ITEMS }: Bounds = {}) =>
  z
    .array(z.unknown())
    .min(min)
    .max(max)
    .transform((items, context) => readItems(item, items.entries(), context).map(([, value]) => value));

/** The same of an object with names of this kind. */
export const recordOf = <Item extends z.ZodType>(name: z.ZodType<string>, item: Item, max = MOST_ITEMS) =>
  z
    .record(z.string(), z.unknown())
    .refine(record => Object.keys(record).length <= max, { error: `at most ${max} names`, abort: true })
    .transform((record, context) => {
      readItems(
        name,
        Object.keys(record).map(key => [key, key]),
        context,
      );
      return Object.fromEntries(readItems(item, Object.entries(record), context));
    });
