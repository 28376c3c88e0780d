import * as z from 'zod';
import { listOf } from './list-of.ts';

/**
 * What lies in a deployment's storage, as its housekeeper has counted it last. `shards` are weights that a run has made,
 * `uploads` what was uploaded and somebody names, `archives` the updates of rounds for whoever recomputes them, `orphans`
 * uploads that nobody names, `others` what belongs to nobody alone.
 */
export const usageKinds = ['shards', 'uploads', 'archives', 'orphans', 'others'] as const;
export type UsageKind = (typeof usageKinds)[number];

const amountSchema = z.number().int().nonnegative();

export const storageUsageSchema = z.object({
  /** Null if it was never counted. */
  countedAt: z.number().nullable(),
  isCounting: z.boolean(),
  bytes: amountSchema,
  objects: amountSchema,
  /** The largest first. Those that take the least may be left out. */
  owners: listOf(
    z.object({
      /** Left out of what belongs to nobody. */
      run: z.string().optional(),
      dataset: z.string().optional(),
      /** Of a run that is listed. */
      name: z.string().optional(),
      kind: z.enum(usageKinds),
      bytes: amountSchema,
      objects: amountSchema,
    }),
  ),
});
export type StorageUsage = z.infer<typeof storageUsageSchema>;
