import * as z from 'zod/mini';

/** Where what is wrong is told. */
type Context = Pick<z.core.ParsePayload, 'issues'>;

/**
 * Reads one after another. The first one that is wrong tells why, and ends it.
 * @returns what was read, with its names; nothing if one was wrong
 */
export function readItems<Item extends z.core.$ZodType>(
  schema: Item,
  items: Iterable<readonly [key: string | number, value: unknown]>,
  { issues }: Context,
): [string | number, z.output<Item>][] {
  const read: [string | number, z.output<Item>][] = [];
  for (const [key, value] of items) {
    const { data, error, success } = z.safeParse(schema, value);
    if (!success) {
      for (const { path, message } of error.issues)
        issues.push({ code: 'custom', message, input: value, path: [key, ...path] });
      return [];
    }
    read.push([key, data]);
  }
  return read;
}
