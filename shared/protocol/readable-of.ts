import * as z from 'zod';

/**
 * [EVENT7] A list of which only the items count that this release can read. A platform of a later release may send others
 * among them, and one of those must not cost a page the whole message.
 */
export const readableOf = <Item extends z.ZodType>(item: Item) =>
  z.array(z.unknown()).transform(items => items.flatMap(each => readOne(item, each)));

function readOne<Item extends z.ZodType>(schema: Item, item: unknown): z.output<Item>[] {
  const read = schema.safeParse(item);
  return read.success ? [read.data] : [];
}
