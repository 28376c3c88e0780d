import * as z from 'zod';

/** [SWEEP5] How long the updates of a run's rounds are kept once it has ended. */
export const archiveTermSchema = z.union([
  /** They are gone. */
  z.object({ isGone: z.literal(true) }),
  /** In milliseconds since 1970. The run has ended. */
  z.object({ until: z.number() }),
  /** So many days after the run ends. */
  z.object({ days: z.number() }),
]);
export type ArchiveTerm = z.infer<typeof archiveTermSchema>;

export const archiveTermRequestSchema = z.object({ action: z.enum(['extend', 'end']) });
