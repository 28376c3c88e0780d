import * as z from 'zod/mini';
import { ID_PATTERN } from './id-pattern.ts';
import { readItems } from './read-items.ts';

/**
 * The list of runs is what the first page reads. It is made of the small part of zod, as everything is that the first page
 * loads.
 */

const testedListingSchema = z.object({
  version: z.number(),
  accuracy: z.number(),
  /** When it was judged. Null if that is not known. */
  at: z._default(z.nullable(z.number()), null),
  /** Left out if it is confirmed. */
  unconfirmed: z.optional(z.literal(true)),
});

export const runListingSchema = z.object({
  run: z.string().check(z.regex(ID_PATTERN)),
  name: z.string(),
  model: z.string(),
  plan: z.string(),
  dataset: z.string(),
  phase: z.string(),
  round: z.number(),
  rounds: z.number(),
  /** [VIEW8] Of `tested`. */
  accuracy: z.nullable(z.number()),
  createdAt: z.number(),
  /** Null if it is not yet so, and in what platforms of older releases tell and kept. */
  openedAt: z._default(z.nullable(z.number()), null),
  finishedAt: z._default(z.nullable(z.number()), null),
  /** It is hidden from the list unless archived runs are asked for. */
  archived: z._default(z.boolean(), false),
  /** Only those find it who know of it already. Left out if it is public, and in lines of older releases. */
  unlisted: z.optional(z.boolean()),
  /** How many volunteers are here now. Null if that is not known. */
  here: z._default(z.nullable(z.number()), null),
  /** The newest version: so many rounds are done. Left out in lines of older releases. */
  version: z.optional(z.number()),
  /** [VIEW8] The last version that was trained and judged. */
  tested: z.optional(z.nullable(testedListingSchema)),
  /** [CLOSE1] The run comes to its end: its last version is being tested. Left out if not. */
  closing: z.optional(z.boolean()),
});
export type RunListing = z.infer<typeof runListingSchema>;

const listingsSchema = z.pipe(
  z.array(z.unknown()),
  z.transform((items: unknown[], context) =>
    readItems(runListingSchema, items.entries(), context).map(([, listing]) => listing),
  ),
);
export const runListSchema = z.object({ runs: listingsSchema });
