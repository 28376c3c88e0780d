import * as z from 'zod';
import { countSchema, idSchema, roleSchema, segmentIdSchema, sha256Schema } from './identifiers.ts';
import { taskSchema } from './lease.ts';
import { listOf, recordOf } from './list-of.ts';
import { shardRefSchema } from './model-outline.ts';

/** What a referee and the platform say of a check. The rules are CHECK1 to CHECK13 of shared/federation/README.md. */

const shardsSchema = recordOf(segmentIdSchema, listOf(shardRefSchema));

/** A candidate to be measured on the root set. */
export const checkSchema = z.object({
  id: idSchema,
  round: countSchema,
  turn: countSchema,
  /** What is run, forward only, by each of its exits. */
  task: taskSchema,
  /** The training parts of the root set. */
  parts: listOf(countSchema, { min: 1 }),
  deadlineMs: countSchema,
  segments: recordOf(segmentIdSchema, z.object({ topology: sha256Schema, shards: listOf(shardRefSchema) })),
  /** The shards of the candidate, of the segments that are not as before. */
  candidate: shardsSchema,
  /** Whether the version before is to be measured too. Otherwise the platform knows its losses. */
  measuresBefore: z.boolean(),
});
export type Check = z.infer<typeof checkSchema>;

export const checkResponseSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('check'), check: checkSchema }),
  z.object({ type: z.literal('wait'), retryAfterMs: z.number() }),
  z.object({ type: z.literal('finished') }),
]);
export type CheckResponse = z.infer<typeof checkResponseSchema>;

/** One for each exit of the task. The client bounds what is no number. */
const lossesSchema = listOf(z.number().min(0).max(1e9), { min: 1, max: 1_000 });

/** Updates of a round are at most 512 a cohort, and a role has at most 64 cohorts. */
const MOST_HARMFUL = 512 * 64;

export const checkVerdictSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('losses'), before: lossesSchema.optional(), after: lossesSchema }),
  /** The leases of the updates that make the candidate worse. */
  z.object({ type: z.literal('harmful'), leases: listOf(idSchema, { max: MOST_HARMFUL }) }),
]);
export type CheckVerdict = z.infer<typeof checkVerdictSchema>;

/** [CHECK7] The updates of a candidate that hurts, to be told apart. */
export const suspectsSchema = z.object({
  deadlineMs: countSchema,
  /** The losses that do not hurt, one for each exit. */
  limits: listOf(z.number()),
  /** Those that do not hurt badly. */
  badly: listOf(z.number()),
  roles: listOf(
    z.object({
      role: roleSchema,
      /** With their weight, and by how much the rule has cut each. */
      updates: listOf(z.object({ lease: idSchema, weight: z.number(), scale: z.number() }), {
        max: MOST_HARMFUL,
      }),
    }),
  ),
});
export type Suspects = z.infer<typeof suspectsSchema>;

/** What becomes of a verdict: the check is over, or the updates are to be told apart. */
export const verdictResponseSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('over') }),
  z.object({ type: z.literal('tell-apart'), suspects: suspectsSchema }),
]);
export type VerdictResponse = z.infer<typeof verdictResponseSchema>;
