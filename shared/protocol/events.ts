import * as z from 'zod';
import { aggregationNameSchema } from './aggregation-spec.ts';
import { countSchema, idSchema, roleSchema, segmentIdSchema } from './identifiers.ts';
import { listOf, recordOf } from './list-of.ts';
import { selfPauseSchema } from './pause.ts';
import { type RefusalReason, refusals } from './refusals.ts';
import { toldWorkSchema } from './standing.ts';

/**
 * The ledger's entries, which are the live events too. `seq` counts up by one without a gap, so that a reader who knows
 * the last one he saw can catch up. Gaps are only where entries were swept.
 */
export const reasonSchema = z.enum(Object.keys(refusals) as [RefusalReason, ...RefusalReason[]]);
const bytes = countSchema;

/** What a device must have at least. */
export const leastDeviceSchema = z.object({ memoryMB: z.number(), macsPerSecond: z.number() });
export type LeastDevice = z.infer<typeof leastDeviceSchema>;

const toldAggregationSchema = z.object({
  fallback: aggregationNameSchema.optional(),
  scale: z.number().nonnegative().optional(),
  /** [PUB5] The updates were with several cohorts, so their statistics were averaged. Left out otherwise. */
  statistics: z.literal('mean').exactOptional(),
});
export type ToldAggregation = Readonly<z.infer<typeof toldAggregationSchema>>;

const byRole = z.partialRecord(roleSchema, countSchema);

export const eventBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run-opened') }),
  /**
   * Unless it was the host, the run paused itself: no device makes an update that it can take, or the updates cannot be
   * folded. `detail` says of the last one which tensor was at fault, or what failed.
   */
  z.object({
    type: z.literal('run-paused'),
    why: z.enum(['host', ...selfPauseSchema.options]).optional(),
    detail: z.string().max(300).optional(),
  }),
  /** [CLOSE1] No training is leased any more. The last version is judged, and then the run is finished. */
  z.object({ type: z.literal('run-closing'), why: z.enum(['rounds', 'target', 'host']) }),
  z.object({
    type: z.literal('run-finished'),
    why: z.enum(['rounds', 'target', 'host']),
    /** [CLOSE4] Nobody has judged the last version. Left out if somebody has, and by releases that did not wait for it. */
    untested: z.literal(true).exactOptional(),
  }),
  z.object({
    type: z.literal('volunteer-joined'),
    volunteer: idSchema,
    name: z.string(),
    backend: z.string(),
    referee: z.boolean(),
  }),
  z.object({ type: z.literal('volunteer-removed'), volunteer: idSchema }),
  /** The host has given it another name. */
  z.object({ type: z.literal('volunteer-renamed'), volunteer: idSchema, name: z.string() }),
  /** Their places are free. Whoever comes back joins anew. */
  z.object({ type: z.literal('volunteers-left'), volunteers: listOf(idSchema) }),
  z.object({ type: z.literal('round-opened'), round: countSchema, goals: byRole }),
  z.object({ type: z.literal('round-extended'), round: countSchema }),
  z.object({
    type: z.literal('lease-granted'),
    lease: idSchema,
    volunteer: idSchema,
    role: roleSchema,
    round: countSchema,
    parts: listOf(countSchema),
    examples: countSchema,
    /** [ROOT4] A referee's, on the root set. Left out otherwise. */
    root: z.literal(true).exactOptional(),
    /** [STAND7] The share of its examples that its update weighs. Left out if that is all of them. */
    share: z.number().positive().max(1).exactOptional(),
  }),
  z.object({
    type: z.literal('lease-ended'),
    lease: idSchema,
    volunteer: idSchema,
    role: roleSchema,
    why: z.string().max(200),
  }),
  /** The lease goes on, and its update counts if it comes. But its place is free for somebody else. */
  z.object({
    type: z.literal('place-freed'),
    lease: idSchema,
    volunteer: idSchema,
    role: roleSchema,
    why: z.enum(['overdue', 'gone']),
  }),
  /** The role fits the device of nobody who is here. What it needs at least. */
  z.object({
    type: z.literal('role-unfit'),
    round: countSchema,
    role: roleSchema,
    ...leastDeviceSchema.shape,
  }),
  z.object({
    type: z.literal('update-accepted'),
    lease: idSchema,
    volunteer: idSchema,
    role: roleSchema,
    /** The lease's; of an evaluator's lease the version. */
    round: countSchema,
    /** The round that the update counts in. Left out if that is the lease's. */
    countsIn: countSchema.optional(),
    /** [ROOT5] Others were compared with it, and it counts as no update. Left out otherwise. */
    root: z.literal(true).exactOptional(),
    sha256: z.string(),
    bytes,
    /** Bytes of weights and topologies that this lease downloaded, as the volunteer counted them. */
    downloadBytes: bytes,
    /** L2 norm of the changes of what is learnt. */
    norm: z.number(),
    loss: z.number().nullable(),
    samplesPerSecond: z.number().nullable(),
    backend: z.string(),
  }),
  z.object({
    type: z.literal('update-refused'),
    lease: z.string(),
    volunteer: z.string().nullable(),
    role: roleSchema.nullable(),
    reason: reasonSchema,
    detail: z.string().max(300).optional(),
    bytes,
    /** [STAND5] The volunteer lost standing by it. Left out if not. */
    costsStanding: z.literal(true).optional(),
  }),
  z.object({
    type: z.literal('version-published'),
    version: countSchema,
    round: countSchema,
    updates: byRole,
    /** Segments that changed, with the hashes of their new shards. */
    segments: recordOf(segmentIdSchema, listOf(z.string())),
    /** If drift was corrected: by segment, how many examples all volunteers have together, as the fold was told. */
    allExamples: recordOf(segmentIdSchema, countSchema).optional(),
    /**
     * By role, how its updates counted: the weaker rule if they were too few for the run's own, and the norm to which they
     * were clipped, as the rule remembered it. Left out if there is nothing to say.
     */
    aggregation: z.partialRecord(roleSchema, toldAggregationSchema).optional(),
    /** [STAND2] By role, what its updates were worth. Left out if nobody measured it. */
    work: z.partialRecord(roleSchema, toldWorkSchema).optional(),
    /** The older version whose weights these are, if the round was taken back. */
    weightsOf: countSchema.optional(),
    /** [CHECK5] The root loss before and after, or null if nobody checked it. Left out if the run checks nothing. */
    check: z.object({ by: idSchema, before: z.number(), after: z.number() }).nullable().optional(),
    /** [CHECK8] Every candidate hurt, so nothing of the round was taken. */
    taken: z.literal(false).optional(),
  }),
  /** [CHECK2] Every role of the round has folded, for the first time or once more, and a referee is to check it. */
  z.object({ type: z.literal('version-checking'), version: countSchema, turn: countSchema }),
  /** [CHECK7] The root loss before and after, at the exit that got worst. */
  z.object({
    type: z.literal('candidate-refused'),
    version: countSchema,
    turn: countSchema,
    by: idSchema,
    before: z.number(),
    after: z.number(),
  }),
  z.object({
    type: z.literal('version-evaluated'),
    version: countSchema,
    examples: countSchema,
    accuracy: z.number(),
    loss: z.number(),
    /** Left out if it is confirmed, and in ledgers that were written before versions were. */
    confirmed: z.literal(false).optional(),
  }),
  /** What a volunteer counted on so many test parts is not what others found who agree, or what a referee found. */
  z.object({
    type: z.literal('judgement-contradicted'),
    version: countSchema,
    volunteer: idSchema,
    parts: countSchema,
  }),
  /** The round ends, and the next version has the weights of an older one. `detail` says how far the accuracy fell. */
  z.object({
    type: z.literal('run-taken-back'),
    from: countSchema,
    to: countSchema,
    round: countSchema,
    why: z.enum(['host', 'fell']),
    detail: z.string().max(300).optional(),
  }),
]);
export type EventBody = z.infer<typeof eventBodySchema>;

export const runEventSchema = z.object({ seq: countSchema, at: countSchema, event: eventBodySchema });
export type RunEvent = z.infer<typeof runEventSchema>;

/** [EVENT7] An entry that this release cannot read. Its type, or a value in it, is of a later one. */
const unknownEntrySchema = runEventSchema.extend({
  event: z
    .object({ type: z.string().max(60) })
    .transform(({ type }) => ({ type: 'unknown' as const, was: type })),
});

/** An entry as a platform sends it, which may be of a later release than the reader. */
const ledgerEntrySchema = z.union([runEventSchema, unknownEntrySchema]);
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

export const ledgerEntriesSchema = listOf(ledgerEntrySchema);

export const isKnown = (entry: LedgerEntry): entry is RunEvent => entry.event.type !== 'unknown';

/**
 * A piece of the ledger. From entry `first` on none is missing. Of older ones only those of runs and versions are left,
 * if the run sweeps what is older than the rounds that it keeps.
 */
export const ledgerPageSchema = z.object({
  events: ledgerEntriesSchema,
  last: countSchema,
  /** 1 from platforms of an older release, which sweep nothing. */
  first: countSchema.default(1),
});
export type ReadPage = z.infer<typeof ledgerPageSchema>;

/** As a platform makes it: it knows its own entries. */
export interface LedgerPage extends Omit<ReadPage, 'events'> {
  events: RunEvent[];
}
