import * as z from 'zod';
import { countSchema, idSchema, roleSchema, segmentIdSchema, sha256Schema } from './identifiers.ts';
import { shardRefSchema } from './model-outline.ts';

/** The answer of the other side, distilled into the one that trains (learning.md, "Notation"). */
const distilSchema = z.object({
  weight: z.number().min(0).max(1),
  temperature: z.number().min(0.5).max(20),
  /** Segments from the boundary to the rival's logits: the teacher for a student, the head for a teacher. */
  through: z.array(segmentIdSchema).min(1),
});

/** What is trained and how: the plan's answer, the same for every volunteer of a role in a round. */
export const taskSchema = z.object({
  role: roleSchema,
  /** Body segments before the trained ones, run once in inference mode; their output is the cached feature. */
  frozen: z.array(segmentIdSchema),
  /** Segments whose deltas the update carries, in this order, the head last. */
  trains: z.array(segmentIdSchema),
  /** The head whose logits are the loss's; without one the last trained segment gives them. */
  head: segmentIdSchema.nullable(),
  /** Weight of the cross-entropy with the labels; distillation has its own. */
  labelWeight: z.number().min(0).max(1),
  distil: distilSchema.nullable(),
  epochs: countSchema,
  learningRate: z.number().min(0),
});
export type Task = z.infer<typeof taskSchema>;

/** Every segment a lease needs the weights of, each once. */
export const segmentsOf = (task: Task): string[] => [
  ...new Set([...task.frozen, ...task.trains, ...(task.distil?.through ?? [])]),
];

/** The right and duty to do one task until a deadline; answered once. */
export const leaseSchema = z.object({
  id: idSchema,
  /** Signed; goes with the update. */
  token: z.string().max(4_096),
  /** The round for a training lease; the version for an evaluator's. */
  round: countSchema,
  version: countSchema,
  task: taskSchema,
  split: z.enum(['train', 'test']),
  parts: z.array(countSchema).min(1),
  examples: countSchema,
  /** From now; the volunteer's clock is not trusted, and it need not trust ours. */
  deadlineMs: countSchema,
  /** Seed of the order of examples. */
  seed: countSchema,
  byteAllowance: countSchema,
  segments: z.record(segmentIdSchema, z.object({ topology: sha256Schema, shards: z.array(shardRefSchema) })),
});
export type Lease = z.infer<typeof leaseSchema>;

/** What a signed lease token says: all that accepting an update needs, so that no call to the coordinator is. */
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
  trains: z.array(segmentIdSchema),
  parts: z.array(countSchema),
  examples: countSchema,
  byteAllowance: countSchema,
  deadlineAt: countSchema,
});
export type LeaseClaims = z.infer<typeof leaseClaimsSchema>;

export const volunteerClaimsSchema = z.object({
  kind: z.literal('volunteer'),
  run: idSchema,
  volunteer: idSchema,
});
export type VolunteerClaims = z.infer<typeof volunteerClaimsSchema>;

const finite = z.number().min(-1e9).max(1e9);

/** More than any lease downloads; `check-update` knows this lease's own bound. */
const downloadSchema = countSchema.max(1e10);

/** What any update says of the device that made it. */
const deviceMetrics = {
  backend: z.string().max(40),
  /** On the processor. */
  threads: countSchema.max(1_024).optional(),
  /** Why another backend or a smaller batch than was asked for, in words for people. */
  fallback: z.string().max(200).optional(),
};

/** What a training update says of itself. Shown to people, never used as a weight: that is the lease's `examples`. */
export const trainingMetricsSchema = z.object({
  /** Examples seen, epochs counted: so many forward and backward passes. */
  samples: countSchema.max(1e9),
  loss: finite,
  trainMs: z.number().min(0).max(86_400_000),
  downloadBytes: downloadSchema,
  /** The batch really used: a device short of memory takes a smaller one than the run's. */
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
  downloadBytes: downloadSchema,
  ...deviceMetrics,
});
export type EvaluationMetrics = z.infer<typeof evaluationMetricsSchema>;
