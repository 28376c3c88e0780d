import * as z from 'zod';
import { runEventSchema } from './events.ts';
import { countSchema, idSchema } from './identifiers.ts';
import { listOf, recordOf } from './list-of.ts';
import { readableOf } from './readable-of.ts';
import { refusalViewSchema, roundViewSchema, viewFieldsSchema, volunteerViewSchema } from './run-view.ts';

/** What the event sockets of a run say, in both directions. */

/** A client sends this now and then. It gets the reply without waking anybody. */
export const PING = 'ping';
export const PONG = 'pong';

/** What came to a view since another one. `applyChanges` makes the one of the other. */
export const viewChangesSchema = z.object({
  /** Of the view after the changes. */
  seq: countSchema,
  /** Other fields that changed, each whole. A detail that is gone is null. */
  fields: viewFieldsSchema
    .omit({ seq: true, rounds: true, volunteers: true, refusals: true })
    .partial()
    .extend({ whyDetail: z.string().nullable().optional() }),
  /** Volunteers who are new in the list, or changed. */
  volunteers: listOf(volunteerViewSchema),
  /** Volunteers who are not listed any more. */
  unlisted: listOf(idSchema),
  /** Rounds that are new or changed. */
  rounds: listOf(roundViewSchema),
  /** Rounds that are left out from now on. */
  leftOut: listOf(countSchema),
  /** New refusals, the latest first. */
  refusals: readableOf(refusalViewSchema),
});
export type ViewChanges = z.infer<typeof viewChangesSchema>;

/** What goes with a view: the latest ledger entries, and the names of volunteers in it who are not listed. */
export const newsSchema = z.object({
  latest: readableOf(runEventSchema),
  names: recordOf(idSchema, z.string()),
});
export type News = z.infer<typeof newsSchema>;

/**
 * [LEASE16] Why those who wait may get work now. `missed`: nobody knows, since the relay was cut off, or a later release
 * has a reason that this one does not know.
 */
export const wakeReasons = [
  'run-opened',
  'run-closing',
  'run-finished',
  'run-taken-back',
  'version-published',
  'version-evaluated',
  'lease-ended',
  'place-freed',
  'round-extended',
  'volunteer-joined',
  'missed',
] as const;
export type WakeReason = (typeof wakeReasons)[number];

/** All that a volunteer needs to hear. */
export const signalSchema = z.object({
  type: z.literal('signal'),
  seq: countSchema,
  phase: viewFieldsSchema.shape.phase,
  round: countSchema,
  version: countSchema,
  /** How many ever joined: a crowd spreads its asking. */
  joined: countSchema,
  /** The last round that was taken back: leases of it and of older ones are over. Left out if none was. */
  takenBackAt: countSchema.optional(),
  /** [CLOSE2] The run comes to its end: nothing is trained any more. Left out if it does not. */
  closing: z.literal(true).optional(),
  /** Which turn of checking the next version it is, for referees. Left out if it is not checked now. */
  checking: countSchema.optional(),
  /** Whether the last version had an update of everybody at work. Then each of them most likely gets a lease of the next. */
  allServed: z.boolean(),
  /** Why to ask again, if it is worth it. */
  wakes: listOf(z.enum(wakeReasons).catch('missed')),
  /** With which probability one who waits should ask: some places that came free are for some of a crowd. */
  chance: z.number().min(0).max(1),
});
export type Signal = z.infer<typeof signalSchema>;

/** The relay wants to know whether this end still reads. The end sends the token back as an `ack`. */
export const askSchema = z.object({ type: z.literal('ask'), token: z.string().max(40) });

/** The relay is about to close the socket. On workerd a closed connection may linger, so this end does not wait for it. */
export const byeSchema = z.object({
  type: z.literal('bye'),
  code: z.number().int(),
  reason: z.string(),
});

/** What a relay tells those who look on or wait. The first message after opening is a whole view or a signal. */
export const frameSchema = z.discriminatedUnion('type', [
  newsSchema.extend({ type: z.literal('view'), view: viewFieldsSchema }),
  /** It follows on the view after event `from`, and on no other. */
  newsSchema.extend({ type: z.literal('changes'), from: countSchema, changes: viewChangesSchema }),
  signalSchema,
  askSchema,
  byeSchema,
]);
export type Frame = z.infer<typeof frameSchema>;

export const ackSchema = z.object({ type: z.literal('ack'), token: z.string().max(40) });

/** Why a relay closes a socket. */
export const socketCodes = {
  /** Too much was sent that the other end has not read. It may come back, with the last `seq` that it knows. */
  behind: 4_008,
  /** No heartbeat came. */
  silent: 4_009,
  /** The host has deleted the run: nobody needs to come back. */
  deleted: 4_010,
  /** More than a page of the ledger is missing. The rest is read page by page (`GET …/ledger?after=`) before coming back. */
  readOn: 4_012,
  /** `?after=` is beyond the end of the ledger. */
  beyondEnd: 4_016,
} as const;

/** The subprotocol of a volunteer's socket. The volunteer's token is the one after it, so that it stands in no address. */
export const VOLUNTEER_PROTOCOL = 'homeroom.volunteer';
