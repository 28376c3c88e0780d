import * as z from 'zod';
import { slicesSchema } from './channels.ts';
import { cutText } from './cut-text.ts';
import { splitSchema } from './dataset.ts';
import { countSchema, idSchema, roleSchema, segmentIdSchema, sha256Schema } from './identifiers.ts';
import { listOf, recordOf } from './list-of.ts';
import { shardRefSchema } from './model-outline.ts';
import { isPlain, NOT_PLAIN, toOneLine } from './one-line.ts';
import { regionSchema } from './region.ts';

const share = z.number().min(0).max(1);

/**
 * One way to logits: the body segment `after` whose output it begins with, which lies on the task's path or is the last
 * frozen one, and the segments `through` which it goes on to logits. None if that output is the logits.
 */
const branchSchema = z.object({ after: segmentIdSchema, through: listOf(segmentIdSchema) });
export type Branch = z.infer<typeof branchSchema>;

/** Several exits as one: their logits are added up, or their probabilities averaged. */
export const jointAnswers = ['sum', 'ensemble'] as const;
export type JointAnswer = (typeof jointAnswers)[number];

/**
 * Where logits leave the network: a branch, and others before it (`plus`) that answer together with it. `joined` says
 * how, a sum if it is left out. The logits of an ensemble are the logarithms of its mean probabilities.
 */
const exitSchema = branchSchema.extend({
  plus: listOf(branchSchema).optional(),
  joined: z.enum(jointAnswers).optional(),
});
export type Exit = z.infer<typeof exitSchema>;

/**
 * Another exit, distilled into one that is trained (shared/plan/README.md, "Notation"). No gradient flows into the exit
 * that is distilled from.
 */
const distilSchema = z.object({
  distilFrom: exitSchema,
  weight: z.number().min(0).max(10),
  temperature: z.number().min(0.5).max(20),
  /** Distilled only for the examples on which the other exit is the better one. */
  gated: z.boolean(),
});

export type Distil = z.infer<typeof distilSchema>;

/** An exit with a loss of its own. A task's loss is the sum of its exits' losses. */
const trainedExitSchema = exitSchema.extend({
  /** Weight of the cross-entropy with the labels. */
  labelWeight: z.number().min(0).max(10),
  distils: listOf(distilSchema),
});
export type TrainedExit = z.infer<typeof trainedExitSchema>;

/** The learning rate of every step: a cosine over the budget, of which this lease is a share. */
const scheduleSchema = z.object({
  /** The rate with which the cosine begins. */
  rate: z.number().min(0),
  /** Progress as the lease begins, and as it ends: of the run, or of the stage that has the cosine to itself. */
  from: share,
  to: share,
  /** The same progress at which the cosine of these segments has come to zero; 1 for the others. */
  ends: recordOf(segmentIdSchema, share),
  /** What the rate of these segments is multiplied by; it is 1 for the others. */
  factors: recordOf(segmentIdSchema, z.number().min(0).max(100)).optional(),
});
export type Schedule = z.infer<typeof scheduleSchema>;

/** What is trained and how. The plan says so; it is the same for every volunteer of a role in a round. */
export const taskSchema = z.object({
  role: roleSchema,
  /** The first body segments, run once in inference mode; their output is kept. */
  frozen: listOf(segmentIdSchema),
  /** So many augmented views of each example have their output kept; each epoch takes the next one. */
  views: z.number().int().min(1).max(50),
  /** The body segments behind the frozen ones that every step runs, in order, trained or only passed through. */
  path: listOf(segmentIdSchema),
  /** No gradient crosses from a segment of the path into the one before: each learns from its own exits. */
  isolated: z.boolean(),
  exits: listOf(trainedExitSchema, { min: 1 }),
  /** Segments whose deltas the update carries, in this order: body, then heads. */
  trains: listOf(segmentIdSchema),
  epochs: countSchema,
  schedule: scheduleSchema,
  /** The channels that it trains, of all its segments; every channel if this is left out. */
  slices: slicesSchema.optional(),
  /** How strongly steps correct the drift between volunteers (shared/plan/README.md, "Drift"); left out if they do not. */
  correction: z.number().positive().max(10).optional(),
});
export type Task = z.infer<typeof taskSchema>;

/** The branches that answer together at an exit, its own first. */
export const branchesOf = ({ after, through, plus = [] }: Exit): Branch[] => [{ after, through }, ...plus];

/** The segments between the body and the logits of an exit, by any of its branches. */
export const throughOf = (exit: Exit): string[] => branchesOf(exit).flatMap(({ through }) => through);

/** Every segment whose weights a lease needs, each once. */
export const segmentsOf = ({ frozen, path, exits, trains }: Task): string[] => [
  ...new Set([
    ...frozen,
    ...path,
    ...trains,
    ...exits.flatMap(throughOf),
    ...exits.flatMap(({ distils }) => distils.flatMap(({ distilFrom }) => throughOf(distilFrom))),
  ]),
];

/** The right and duty to do one task until a deadline. It takes one update. */
export const leaseSchema = z.object({
  id: idSchema,
  /** Signed; goes with the update. */
  token: z.string().max(4_096),
  /** Of a training lease the round, of an evaluator's the version. */
  round: countSchema,
  version: countSchema,
  task: taskSchema,
  split: splitSchema,
  parts: listOf(countSchema, { min: 1 }),
  examples: countSchema,
  /** Counted from now, so that neither side has to trust the other's clock. */
  deadlineMs: countSchema,
  /** Seed of the order of examples. */
  seed: countSchema,
  /** [ROOT4] A referee's, on the root set. Left out otherwise. */
  root: z.literal(true).exactOptional(),
  byteAllowance: countSchema,
  segments: recordOf(segmentIdSchema, z.object({ topology: sha256Schema, shards: listOf(shardRefSchema) })),
});
export type Lease = z.infer<typeof leaseSchema>;

/** What a signed lease token says: all that accepting an update needs, so that no call to the coordinator is needed. */
export const leaseClaimsSchema = z.object({
  kind: z.literal('lease'),
  run: idSchema,
  lease: idSchema,
  volunteer: idSchema,
  role: roleSchema,
  /** Index of the cohort object that takes the update. */
  cohort: countSchema,
  round: countSchema,
  version: countSchema,
  trains: listOf(segmentIdSchema),
  parts: listOf(countSchema),
  examples: countSchema,
  /** [STAND7] The share of its examples that its update weighs. Left out if that is all of them. */
  share: z.number().positive().max(1).optional(),
  byteAllowance: countSchema,
  deadlineAt: countSchema,
  /** [ROOT4] Its update is what others are compared with. Left out otherwise. */
  root: z.literal(true).exactOptional(),
  /** Near which place that object is made, if this is its first update. Left out if the platform chooses. */
  location: regionSchema.optional(),
});
export type LeaseClaims = z.infer<typeof leaseClaimsSchema>;

export const volunteerClaimsSchema = z.object({
  kind: z.literal('volunteer'),
  run: idSchema,
  volunteer: idSchema,
});
export type VolunteerClaims = z.infer<typeof volunteerClaimsSchema>;

const finite = z.number().min(-1e9).max(1e9);

/** More than any lease downloads. `check-update` knows the bound of the lease at hand. */
const downloadSchema = countSchema.max(1e10);

/** What any update says of the device that made it. */
const deviceMetrics = {
  backend: z.string().max(40).refine(isPlain, NOT_PLAIN),
  /** Threads of the processor. */
  threads: countSchema.max(1_024).optional(),
  /** Why it was another backend or a smaller batch than was asked for, in words for people. */
  fallback: z
    .string()
    .max(200)
    .transform(text => cutText(toOneLine(text), 200))
    .optional(),
};

/**
 * What a training update says of itself. Shown to people, never used as a weight: the weight is the lease's `examples`.
 */
export const trainingMetricsSchema = z.object({
  /** Examples times epochs: so many forward and backward passes. */
  samples: countSchema.max(1e9),
  loss: finite,
  trainMs: z.number().min(0).max(86_400_000),
  downloadBytes: downloadSchema,
  /** Examples really taken at once: fewer than the run's batch if memory or time is short. */
  batch: countSchema.max(1_000_000).optional(),
  peakMemoryMB: z.number().min(0).max(1e7).optional(),
  ...deviceMetrics,
});
export type TrainingMetrics = z.infer<typeof trainingMetricsSchema>;

export const evaluationMetricsSchema = z.object({
  examples: countSchema,
  correct: countSchema,
  /** Summed over the examples. */
  lossSum: finite,
  /** The same of each part of the lease, so that others' counts can be compared. An older release tells only the sums. */
  byPart: z
    .object({ correct: listOf(countSchema, { max: 64 }), lossSum: listOf(finite, { max: 64 }) })
    .optional(),
  downloadBytes: downloadSchema,
  ...deviceMetrics,
});
export type EvaluationMetrics = z.infer<typeof evaluationMetricsSchema>;
