import * as z from 'zod';
import { olderRobust, robustSchema } from './aggregation-spec.ts';
import { archiveTermSchema } from './archive-term.ts';
import { cutText } from './cut-text.ts';
import { datasetSchema } from './dataset.ts';
import { countSchema, idSchema, segmentIdSchema, sha256Schema } from './identifiers.ts';
import { JOIN_CODE_LENGTH, plainJoinCode } from './join-code.ts';
import { leaseSchema } from './lease.ts';
import { listOf, recordOf } from './list-of.ts';
import { MAX_SEGMENTS, modelOutlineSchema, segmentVersionSchema } from './model-outline.ts';
import { isOneLine, NOT_ONE_LINE, toOneLine } from './one-line.ts';
import { readableOf, readableOr } from './readable-of.ts';
import { runSpecSchema } from './run-spec.ts';
import { runViewSchema } from './run-view.ts';
import { toldStandingSchema } from './standing.ts';
import { visibilities } from './visibility.ts';

/** Every body of the API. Both sides parse with these schemas. */

/**
 * Names one wish to join or to create. The platform grants a wish once. If its reply was lost, the same call gets the same
 * reply again. An older program shows none, and each of its calls is a wish of its own.
 */
export const neededNonceSchema = z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 hexadecimal digits');
const nonceSchema = neededNonceSchema.optional();

export const createRunRequestSchema = z.object({
  spec: runSpecSchema,
  model: modelOutlineSchema,
  /** Version 0: shards that were uploaded before. */
  segments: recordOf(segmentIdSchema, segmentVersionSchema.shape.shards, MAX_SEGMENTS),
  /** If set, joining needs it. */
  joinCode: z
    .string()
    .max(JOIN_CODE_LENGTH.max)
    .refine(code => plainJoinCode(code).length >= JOIN_CODE_LENGTH.min, 'a code that is too short')
    .optional(),
  /** If it is left out, the platform's own rule: `usualVisibility`. */
  visibility: z.enum(visibilities).optional(),
  nonce: nonceSchema,
});
export type CreateRunRequest = z.infer<typeof createRunRequestSchema>;
export const createRunResponseSchema = z.object({ run: idSchema, hostKey: z.string() });

/** A platform of an older release does not say how the clip is made: it knows one way only. */
const toldSpecSchema = runSpecSchema.extend({
  robust: robustSchema.default(olderRobust),
});

export const runInfoSchema = z.object({
  run: idSchema,
  spec: toldSpecSchema,
  model: modelOutlineSchema,
  needsCode: z.boolean(),
  /** [CROWD8] The public key of the platform's check of people. Left out if it has none. */
  checksWith: z.string().max(100).optional(),
  /** Nothing in it can change. Left out if it is not archived. */
  archived: z.literal(true).optional(),
  /** An origin by which other devices reach the platform. Left out if it knows none beside that of the call. */
  inviteOrigin: z.url().max(300).optional(),
  /** Left out if the updates of its rounds are kept for good, and by older releases. */
  archives: archiveTermSchema.optional(),
  /** Of the platform. Older releases do not tell it. */
  release: z.string().max(40).optional(),
  view: runViewSchema,
});
export type RunInfo = z.infer<typeof runInfoSchema>;

/** [CLOSE1] `finish` has the last version judged first. [CLOSE5] `finish-now` waits for nothing. */
export const controlActions = ['open', 'pause', 'resume', 'finish', 'finish-now'] as const;
export type ControlAction = (typeof controlActions)[number];
export const controlRequestSchema = z.object({ action: z.enum(controlActions) });

export const archiveRequestSchema = z.object({ archived: z.boolean() });

export const visibilityRequestSchema = z.object({ visibility: z.enum(visibilities) });

/** What only a host is told of its run. */
export const hostDetailsSchema = z.object({
  /** By which key the caller is let in. */
  caller: z.enum(['host', 'owner']),
  /** Null if the run has none, or if it was made by a release that kept its hash alone. */
  joinCode: z.string().max(100).nullable(),
  archived: z.boolean(),
  /** Left out by a platform of an older release, which lists every run. */
  visibility: z.enum(visibilities).optional(),
});
export type HostDetails = z.infer<typeof hostDetailsSchema>;

/** A repeated renewal gets the same key again. Otherwise a lost reply would leave the run without a host. */
export const renewRequestSchema = z.object({ nonce: neededNonceSchema });
export const renewResponseSchema = z.object({ hostKey: z.string() });

/** [BACK1] To which version the run returns. */
export const takeBackRequestSchema = z.object({ version: countSchema });

/** The versions that are kept, ascending. */
export const keptVersionsSchema = z.object({ versions: listOf(countSchema) });

/** What a device says of itself when it joins. It is a claim, used only to choose tasks that fit. */
export const deviceSchema = z.object({
  backend: z.string().min(1).max(40),
  /** Multiply-accumulates a second in training, from the preflight. */
  macsPerSecond: z.number().min(0).max(1e15),
  /** Memory that training may take; 0 if unknown. */
  memoryMB: z.number().min(0).max(1e7),
});
export type Device = z.infer<typeof deviceSchema>;

/** In code units. */
export const MAX_VOLUNTEER_NAME = 40;

/** Turnstile's tokens are no longer. */
const MAX_CHECK_TOKEN = 2_048;

const volunteerNameSchema = z.string().trim().min(1).max(MAX_VOLUNTEER_NAME).refine(isOneLine, NOT_ONE_LINE);

/** The name that a host gives to a volunteer. */
export const renameRequestSchema = z.object({ name: volunteerNameSchema });

export const joinRequestSchema = z.object({
  name: volunteerNameSchema,
  device: deviceSchema,
  code: z.string().max(JOIN_CODE_LENGTH.max).optional(),
  /** [CROWD8] A pass for this very `nonce`, or what the check of people gave to a page. */
  human: z.string().max(MAX_CHECK_TOKEN).optional(),
  nonce: nonceSchema,
});
export type JoinRequest = z.infer<typeof joinRequestSchema>;
/** [CROWD8] Turns the token of a check that was passed into a pass, for whoever will join with this `nonce`. */
export const passRequestSchema = z.object({
  human: z.string().min(1).max(MAX_CHECK_TOKEN),
  nonce: neededNonceSchema,
});
export type PassRequest = z.infer<typeof passRequestSchema>;
export const passResponseSchema = z.object({ pass: z.string().min(1).max(MAX_CHECK_TOKEN) });
/** `index` is the order of joining, from 0. A platform of an older release does not tell it. */
export const joinResponseSchema = z.object({
  volunteer: idSchema,
  token: z.string(),
  index: countSchema.optional(),
});
export type JoinResponse = z.infer<typeof joinResponseSchema>;

/**
 * `beside`: the lease that is still trained or whose update is on its way. Unless named, it would end now.
 * `macsPerSecond`: the device has measured itself again.
 */
export const leaseRequestSchema = z.object({
  beside: idSchema.optional(),
  macsPerSecond: deviceSchema.shape.macsPerSecond.optional(),
});

export const leaseResponseSchema = z.discriminatedUnion('type', [
  /**
   * `standing`: how the platform sees whoever asks, if it earned nothing lately or lost. `more`: another lease would be granted beside it, so that asking
   * ahead is worth a call.
   */
  z.object({
    type: z.literal('lease'),
    lease: leaseSchema,
    more: z.boolean(),
    standing: readableOr(toldStandingSchema, undefined).optional(),
  }),
  /**
   * Nothing to do now: ask again after `retryAfterMs`, or `wakeAfterMs` after an event that may bring work. An older
   * platform leaves that to the volunteer. `measure`: the device was too slow when it measured itself, and is to do so
   * again before it asks.
   */
  z.object({
    type: z.literal('wait'),
    retryAfterMs: z.number(),
    wakeAfterMs: z.number().optional(),
    measure: z.boolean().optional(),
    reason: z.string(),
    standing: readableOr(toldStandingSchema, undefined).optional(),
  }),
  z.object({ type: z.literal('finished') }),
]);
export type LeaseResponse = z.infer<typeof leaseResponseSchema>;

/** `diverged`: the loss, or a weight, was not a finite number any more. */
export const releaseRequestSchema = z.object({
  /** Often what a browser says of an error, in any characters. It is shown to others, so it becomes one line. */
  reason: z
    .string()
    .max(200)
    .transform(reason => cutText(toOneLine(reason), 200)),
  diverged: z.boolean().default(false),
});

/** A piece of an archived object: from `offset` on so many bytes, or all that follow if `bytes` is left out. */
const archivePieceSchema = z.object({
  number: countSchema,
  offset: countSchema,
  bytes: countSchema.optional(),
});
export type ArchivePiece = z.infer<typeof archivePieceSchema>;
/** What is archived of a folded round. The pieces one after another are its envelopes in the order of acceptance. */
export const archiveListSchema = z.object({ pieces: listOf(archivePieceSchema) });

/** More would be too many questions to the store for one call. */
export const MOST_BLOBS_ASKED = 200;
export const lackingRequestSchema = z.object({ sha256: listOf(sha256Schema, { max: MOST_BLOBS_ASKED }) });
/** Those of the list that are not there. */
export const lackingResponseSchema = z.object({ lacking: listOf(sha256Schema) });

/** Whether the key that came with the data set deletes it. A platform of an older release does not say: it deletes none. */
export const putDatasetResponseSchema = z.object({ hasKey: z.boolean().default(false) });

/** On what the platform keeps data, if that is not R2: `objects` with SQLite, whose limits are lower. */
export const storageSchema = readableOr(z.literal('objects'), undefined).optional();

/** Whole sets: the one that was asked for by its name, or as many as releases are told that know no other list. */
export const datasetListSchema = z.object({ datasets: readableOf(datasetSchema), storage: storageSchema });
export type DatasetList = z.infer<typeof datasetListSchema>;
