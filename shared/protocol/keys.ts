import * as z from 'zod';
import { countSchema, idSchema } from './identifiers.ts';
import { listOf } from './list-of.ts';
import { isOneLine, NOT_ONE_LINE } from './one-line.ts';

/** Keys that a host gives away. Each is of one run and of one caller, ends by itself, and can be revoked before. */

const MINUTE_MS = 60_000;

/** A volunteer's token lasts as long at most, so a key that lasts longer would promise too much. */
export const LONGEST_KEY_MS = 30 * 24 * 60 * MINUTE_MS;

export const keyRequestSchema = z.object({
  /** For whom it is, in the host's words. */
  label: z.string().trim().min(1).max(40).refine(isOneLine, NOT_ONE_LINE),
  lastsMs: z.number().int().min(MINUTE_MS).max(LONGEST_KEY_MS),
});
export type KeyRequest = z.infer<typeof keyRequestSchema>;

/** A key as its host sees it later. Its text is shown once, when it is made. */
export const keyListingSchema = z.object({
  id: idSchema,
  caller: z.literal('referee'),
  label: z.string(),
  madeAt: countSchema,
  endsAt: countSchema,
});
export type KeyListing = z.infer<typeof keyListingSchema>;

/** [EVENT7] A platform of a later release may have keys of other callers. They can be revoked all the same. */
const toldKeySchema = keyListingSchema.extend({ caller: z.string() });
export type ToldKey = z.infer<typeof toldKeySchema>;

export const keyListSchema = z.object({ keys: listOf(toldKeySchema) });

export const madeKeySchema = toldKeySchema.extend({ key: z.string() });
export type MadeKey = z.infer<typeof madeKeySchema>;
