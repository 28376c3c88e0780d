import * as z from 'zod/mini';
import { ID_PATTERN } from './id-pattern.ts';
import { readItems } from './read-items.ts';

/**
 * The list of runs is what the first page reads. It is made of the small part of zod, as everything is that the first page
 * loads.
 */

const testedListingSchema = z.object({ version: z.number(), accuracy: z.number() });

export const runListingSchema = z.object({
  run: z.string().check(z.regex(ID_PATTERN)),
  name: z.string(),
  model: z.string(),
  plan: z.string(),
  dataset: z.string(),
  phase: z.string(),
  round: z.number(),
  rounds: z.number(),
  accuracy: z.nullable(z.number()),
  createdAt: z.number(),
  /** Null if it is not yet so, and in what platforms of older releases tell and kept. */
  openedAt: z._default(z.nullable(z.number()), null),
  finishedAt: z._default(z.nullable(z.number()), null),
  /** It is hidden from the list unless archived runs are asked for. */
  archived: z._default(z.boolean(), false),
  /** How many volunteers are here now. Null if that is not known. */
  here: z._default(z.nullable(z.number()), null),
  /** The newest version, and the last trained one that was judged. */
  version: z.optional(z.number()),
  tested: z.optional(z.nullable(testedListingSchema)),
  /** The training is over, and the last version is being tested. */
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
