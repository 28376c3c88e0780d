import * as z from 'zod';

/** As many entries as a page of the ledger has. */
const MOST_UNREADABLE = 1_000;

/**
 * [EVENT7] A list of which only the items count that this release can read. A platform of a later release may send others
 * among them, and one of those must not cost a page the whole message. After a thousand of them nothing more is read.
 */
export const readableOf = <Item extends z.ZodType>(item: Item) =>
  z.array(z.unknown()).transform(items => readAll(item, items));

function readAll<Item extends z.ZodType>(schema: Item, items: readonly unknown[]): z.output<Item>[] {
  const read: z.output<Item>[] = [];
  let unreadable = 0;
  for (const item of items) {
    const { success, data } = schema.safeParse(item);
    if (success) read.push(data);
    else if (++unreadable === MOST_UNREADABLE) break;
  }
  return read;
}

/** [EVENT7] The same of an object: of its names, too, only those count that this release knows. */
export const readableRecordOf = <Name extends z.ZodEnum, Item extends z.ZodType>(name: Name, item: Item) =>
  z
    .record(z.string(), z.unknown())
    .transform(record =>
      Object.fromEntries(
        Object.entries(record).filter(
          ([key, value]) => name.safeParse(key).success && item.safeParse(value).success,
        ),
      ),
    )
    .pipe(z.partialRecord(name, item));

/** [EVENT7] A value of these, and `other` in place of one that a later release may have beside them. */
export const readableOr = <Known extends z.ZodType, Other>(known: Known, other: Other) =>
  z.union([known, z.custom<unknown>(isThere).transform(() => other)]);

const isThere = (value: unknown): boolean => value !== undefined && value !== null;
