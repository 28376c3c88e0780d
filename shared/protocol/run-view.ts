import * as z from 'zod';
import { aggregationNameSchema } from './aggregation-spec.ts';
import { leastDeviceSchema, reasonSchema } from './events.ts';
import { countSchema, idSchema, type Role, roleSchema, segmentIdSchema } from './identifiers.ts';
import { listOf, recordOf } from './list-of.ts';
import { readableOf, readableOr, readableRecordOf } from './readable-of.ts';
import { standingSchema } from './standing.ts';

/** The state of a run as people see it: `shared/view/live-view.ts` makes it of the ledger, event by event. */
export const volunteerViewSchema = z.object({
  volunteer: idSchema,
  /** Order of joining, from 0. Null in views that were kept before events said it. */
  index: countSchema.nullable().default(null),
  name: z.string(),
  backend: z.string(),
  referee: z.boolean(),
  /** The role of the lease in hand; null while idle. */
  role: readableOr(roleSchema, null).nullable(),
  lease: idSchema.nullable(),
  /** The lease that is held beside it and comes after it. */
  next: readableOr(
    z.object({
      role: roleSchema,
      lease: idSchema,
      round: countSchema.optional(),
      examples: countSchema.optional(),
    }),
    null,
  )
    .nullable()
    .default(null),
  /** When the work on the lease in hand began, and how many examples it has. Left out by platforms that do not measure. */
  startedAt: countSchema.optional(),
  examples: countSchema.optional(),
  /** [STAND10] The pictures of its last training lease over the time from its start to its update. */
  samplesPerSecond: z.number().nullable(),
  updates: countSchema,
  refused: countSchema,
  /** [STAND1] Left out as long as nothing is known of it. */
  standing: standingSchema.optional(),
  /** How many of its updates were refused as harmful. Left out if none was. */
  harmful: countSchema.optional(),
  /** Of how many versions its judgement was contradicted. Left out if none was. */
  contradicted: countSchema.optional(),
  /** The round of the lease in hand; of an evaluator's lease the version. */
  round: countSchema.optional(),
  /** Of its accepted updates together. What it downloaded is its own count. Left out by platforms of older releases. */
  bytesUp: countSchema.optional(),
  bytesDown: countSchema.optional(),
  seenAt: countSchema,
  /** The host has put it out. Left out otherwise. */
  removed: z.literal(true).optional(),
});
export type VolunteerView = z.infer<typeof volunteerViewSchema>;

/** What a judged version came to. */
export const testedViewSchema = z.object({
  version: countSchema,
  accuracy: z.number(),
  loss: z.number().optional(),
  /** When it was judged. Null if that is not known. */
  at: countSchema.nullable(),
  /** Left out if it is confirmed. */
  unconfirmed: z.literal(true).optional(),
});
export type TestedView = z.infer<typeof testedViewSchema>;

export const roundViewSchema = z.object({
  round: countSchema,
  version: countSchema,
  at: countSchema,
  updates: readableRecordOf(roleSchema, countSchema),
  /** How many of them are late. Left out if none is. */
  late: countSchema.optional(),
  /** By role, the weaker rule by which its updates counted, since they were too few. Left out if there was none. */
  fallback: readableRecordOf(roleSchema, aggregationNameSchema).optional(),
  /** Mean training loss by role, over the updates. */
  loss: readableRecordOf(roleSchema, z.number()),
  bytesUp: countSchema,
  bytesDown: countSchema,
  refused: countSchema,
  accuracy: z.number().nullable(),
  testLoss: z.number().nullable(),
  /** When the version was judged. Left out before, and by platforms of older releases. */
  testedAt: countSchema.optional(),
  /** Whether nobody could confirm the accuracy. Left out if it is confirmed, or not known. */
  unconfirmed: z.literal(true).optional(),
  /** The root loss before and after, null if nobody checked the version. Left out if the run checks none. */
  check: z.object({ before: z.number(), after: z.number() }).nullable().optional(),
  /** How many of its updates were refused as harmful. Left out if none was. */
  harmful: countSchema.optional(),
  /** Set if every candidate hurt, so that nothing of the round was taken. */
  taken: z.literal(false).optional(),
  /** The older version that the run returned to with this round. Left out if the round was folded. */
  weightsOf: countSchema.optional(),
});
export type RoundView = z.infer<typeof roundViewSchema>;

/** From which version to which, and in which round. `why` is null if it is a reason of a later release. */
const takenBackSchema = z.object({
  from: countSchema,
  to: countSchema,
  round: countSchema,
  why: readableOr(z.enum(['host', 'fell']), null),
  detail: z.string().optional(),
});

/** Why a run ends. Null if it is a reason of a later release. */
const closingSchema = z.object({
  why: readableOr(z.enum(['rounds', 'target', 'host']), null),
  since: countSchema,
});

export const refusalViewSchema = z.object({
  seq: countSchema,
  at: countSchema,
  volunteer: z.string().nullable(),
  role: readableOr(roleSchema, null).nullable(),
  reason: reasonSchema,
  detail: z.string().optional(),
});

/** The fields of a view, as they are sent. */
export const viewFieldsSchema = z.object({
  /** Number of the last event that is in this view. */
  seq: countSchema,
  /** One of a later release is read as a pause: what such a run does is not known here, and it may go on. */
  phase: readableOr(z.enum(['draft', 'open', 'paused', 'finished']), 'paused' as const),
  round: countSchema,
  version: countSchema,
  openedAt: countSchema.nullable(),
  finishedAt: countSchema.nullable(),
  /** Why it is paused or finished. */
  why: z.string().nullable(),
  /** Since when it is paused, null if it is not, and how long all earlier pauses were. Left out if it never was paused. */
  pausedAt: countSchema.nullable().optional(),
  pausedMs: countSchema.optional(),
  /**
   * [CLOSE1] Why the run comes to its end, and since when it gives no training any more. Left out before. Until the run is
   * finished its last version is judged.
   */
  closing: closingSchema.optional(),
  /** [CLOSE4] It finished, and nobody has judged its last version. */
  untested: z.literal(true).optional(),
  /** If it paused itself: which tensor was at fault. Left out in views that were kept before events said it. */
  whyDetail: z.string().optional(),
  /** Updates wanted in the round that runs, by role. */
  goals: readableRecordOf(roleSchema, countSchema),
  current: roundViewSchema,
  /** Late updates that count in rounds which have not begun, by round. Left out if there never were any. */
  upcoming: recordOf(z.string(), readableRecordOf(roleSchema, countSchema)).optional(),
  /** From the first to the last. Of a long run, some of the older ones are left out. */
  rounds: listOf(roundViewSchema),
  /** Of a crowd, some of those who are at work or were here last. */
  volunteers: recordOf(idSchema, volunteerViewSchema),
  /** How many ever joined, listed or not. */
  joined: countSchema,
  /** [CROWD1] How many of them have left. Left out if nobody has, and by platforms of older releases. */
  left: countSchema.optional(),
  /** How many have a lease of the role in hand, listed or not. A role that nobody has is left out. */
  atWork: readableRecordOf(roleSchema, countSchema),
  /** Roles of the round that fit nobody's device, and what they need. Left out if that never was so. */
  unfit: readableRecordOf(roleSchema, leastDeviceSchema).optional(),
  /** For each segment that a round changed, the version in which it last changed. */
  changedIn: recordOf(segmentIdSchema, countSchema),
  /** A few of them, the latest first. */
  refusals: readableOf(refusalViewSchema),
  /** [VIEW8] That of the last version that was trained and judged, and of the best one. */
  accuracy: z.number().nullable(),
  bestAccuracy: z.number().nullable(),
  /** Whether nobody could confirm the accuracy, or the best one. Left out by platforms that do not say. */
  unconfirmed: z.boolean().optional(),
  bestUnconfirmed: z.boolean().optional(),
  /** [VIEW8] These two versions, and version 0. Left out before each was judged, and by platforms of older releases. */
  tested: testedViewSchema.nullable().optional(),
  best: testedViewSchema.nullable().optional(),
  untrained: testedViewSchema.nullable().optional(),
  /** [VIEW9] Of the listed volunteers, those who are not here, and when they left. Left out by platforms that do not say. */
  away: recordOf(idSchema, countSchema).optional(),
  /** [VIEW9] How many are here, listed or not. */
  here: countSchema.optional(),
  /** The candidate that a referee is to check now. Null if none is, and left out if none ever was. */
  checking: z.object({ version: countSchema, turn: countSchema }).nullable().optional(),
  /** The last time that the run was taken back. Left out if it never was. */
  takenBack: takenBackSchema.optional(),
  accepted: countSchema,
  refused: countSchema,
  bytesUp: countSchema,
  bytesDown: countSchema,
  /** Training updates accepted: what a dense exchange would have cost is counted by them. */
  trainingUpdates: countSchema,
});
export type RunView = z.infer<typeof viewFieldsSchema>;

/** Before views listed only some volunteers they had no sums. */
type ListingAll = Omit<RunView, 'joined' | 'atWork' | 'changedIn'> &
  Partial<Pick<RunView, 'joined' | 'atWork' | 'changedIn'>>;

/** A view, with the sums that an older one lacks. It lists everyone, so they can be counted. */
export const withSums = (view: ListingAll): RunView => ({
  ...view,
  joined: view.joined ?? Object.keys(view.volunteers).length,
  atWork: view.atWork ?? countAtWork(Object.values(view.volunteers)),
  changedIn: view.changedIn ?? {},
});

function countAtWork(volunteers: readonly VolunteerView[]): Partial<Record<Role, number>> {
  const counts: Partial<Record<Role, number>> = {};
  for (const { role } of volunteers) if (role !== null) counts[role] = (counts[role] ?? 0) + 1;
  return counts;
}

export const runViewSchema = viewFieldsSchema
  .partial({ joined: true, atWork: true, changedIn: true })
  .transform(({ joined, atWork, changedIn, ...view }) =>
    withSums({
      ...view,
      ...(joined === undefined ? {} : { joined }),
      ...(atWork === undefined ? {} : { atWork }),
      ...(changedIn === undefined ? {} : { changedIn }),
    }),
  );
