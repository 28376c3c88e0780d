import * as z from 'zod';
import { aggregationNameSchema, olderRobust, robustSchema } from './aggregation-spec.ts';
import { codecSpecSchema } from './codec-spec.ts';
import { cohortsSchema } from './cohorts.ts';
import { datasetSchema } from './dataset.ts';
import { countSchema } from './identifiers.ts';
import { isOneLine, NOT_ONE_LINE } from './one-line.ts';
import { type PlanSpec, planSpecSchema } from './plan-spec.ts';
import { rootSchema } from './root-set.ts';

const share = z.number().min(0).max(1);
/** More rounds than any run has. */
export const MAX_ROUNDS = 10_000;

/** For so many rounds updates are kept unless the host says otherwise. */
export const KEPT_ROUNDS = 50;

/** By how much a confirmed accuracy may fall unless the host says otherwise: far more than one round changes an honest run. */
export const MAX_DROP = 0.2;

const trainingSchema = z.object({
  batch: z.number().int().min(1).max(1_024).default(32),
  /** The rate of the first step. A cosine takes it to zero over the budget. */
  learningRate: z.number().positive().max(10).default(0.05),
  momentum: z.number().min(0).max(0.999).default(0.9),
  weightDecay: z.number().min(0).max(0.1).default(5e-4),
  /**
   * Changes of training pictures, drawn anew for every lease: a flip, and a crop of the picture padded by 4 on each
   * side.
   */
  augment: z.enum(['none', 'flip-and-crop']).default('none'),
  partsPerLease: z.number().int().min(1).max(64).default(1),
  /**
   * Whose the training parts are: anyone trains on the next ones, or each volunteer has its own and trains on no others,
   * as if its pictures never left its device.
   */
  partsFor: z.enum(['anyone', 'volunteer']).default('anyone'),
});

/** The coordinator and the view hold all volunteers of a run. */
export const MOST_VOLUNTEERS = 20_000;

/** When versions are checked: never, if a referee is there, or always, and then a round waits for its referee. */
export const checkChoices = ['off', 'if-present', 'always'] as const;

const policySchema = z.object({
  /**
   * Which round an update counts in (`federation/round/round-policy.ts`): the first one that takes it, or its lease's
   * round and no other.
   */
  rounds: z.enum(['buffered', 'synchronous']).default('buffered'),
  /** So many rounds after its lease's own an update still counts, if rounds are buffered. */
  maxStaleness: z.number().int().min(0).max(100).default(8),
  /** So many updates a role needs to be folded at a round's deadline, or its goal if that is less. */
  minUpdates: z.number().int().min(1).max(500).default(1),
  /** Updates wanted a round, shared evenly among its roles; fewer if fewer volunteers are there. */
  updatesPerRound: z.number().int().min(1).max(500).default(4),
  /** Leases issued for each update wanted: a crowd loses 6 to 10 % of its leases (Google FL 2019 issues 130 %). */
  overIssue: z.number().min(1).max(3).default(1.3),
  /** Nothing is leased before so many volunteers are there. */
  minVolunteers: z.number().int().min(1).max(500).default(1),
  /** [CROWD2] Volunteers who may be present. */
  maxVolunteers: z.number().int().min(1).max(MOST_VOLUNTEERS).default(2_000),
  cohorts: cohortsSchema.default('auto'),
  leaseMs: z.number().int().min(1_000).max(3_600_000).default(120_000),
  /** No lease is overdue sooner than this, however quick its holder and others were. */
  shortestLeaseMs: z.number().int().min(1_000).max(3_600_000).default(5_000),
  roundMs: z.number().int().min(1_000).max(86_400_000).default(180_000),
  /** Who evaluates: any volunteer, or only referees, who hold the host key. */
  evaluators: z.enum(['volunteers', 'referees']).default('volunteers'),
  /** [CHECK1] Whether a referee checks each version on the root set before it is out. */
  check: z.enum(checkChoices).default('if-present'),
  /** By how much a confirmed accuracy may fall before the run returns to its best version. 0: it never does by itself. */
  maxDrop: share.default(MAX_DROP),
  /**
   * For so many rounds the ledger's entries, the versions, and the updates that went into them are kept, so that anyone
   * can recompute them. 0: for good.
   */
  keepRounds: z.number().int().min(0).max(MAX_ROUNDS).default(KEPT_ROUNDS),
});

export const runSpecSchema = z.object({
  name: z.string().trim().min(1).max(80).refine(isOneLine, NOT_ONE_LINE),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31),
  dataset: datasetSchema,
  plan: planSpecSchema,
  rounds: z.number().int().min(1).max(MAX_ROUNDS),
  targetAccuracy: share.default(0.95),
  stopAtTarget: z.boolean().default(false),
  training: trainingSchema.prefault({}),
  policy: policySchema.prefault({}),
  codec: codecSpecSchema.default({ name: 'f16' }),
  aggregation: aggregationNameSchema.default('clipped-mean'),
  robust: robustSchema.prefault({}),
  /** Left out if nothing is held back, as in runs of an older release. */
  root: rootSchema.optional(),
});
export type RunSpec = z.infer<typeof runSpecSchema>;
export type RunSpecInput = z.input<typeof runSpecSchema>;

/**
 * A spec out of storage. An older release may have written it: with the codec's name in place of its settings, with a
 * `joint-self-distillation` whose only direction, from the last exit to the others, had the weight β, without some limits
 * of the policy, without a policy for late updates, or without settings of its aggregation. A run goes on as it began.
 */
export const storedSpec = (spec: RunSpec): RunSpec => ({
  ...spec,
  plan: storedPlan(spec.plan),
  codec: codecSpecSchema.parse(spec.codec),
  policy: storedPolicy(spec.policy),
  robust: storedRobust(spec.robust),
});

/** Rounds were synchronous, each role had one cohort, nobody was told that anything would be swept, no run went back and none checked a version. */
const storedPolicy = (policy: Partial<RunSpec['policy']>): RunSpec['policy'] =>
  policySchema.parse({
    rounds: 'synchronous',
    cohorts: 1,
    keepRounds: 0,
    maxDrop: 0,
    check: 'off',
    ...policy,
  });

const storedRobust = (robust: RunSpec['robust'] | undefined): RunSpec['robust'] =>
  robust ? robustSchema.parse(robust) : olderRobust;

const oneWayJointSchema = z.strictObject({
  name: z.literal('joint-self-distillation'),
  lambda: z.number(),
  beta: z.number(),
  temperature: z.number(),
  epochs: z.number(),
});

function storedPlan(plan: PlanSpec): PlanSpec {
  const old = oneWayJointSchema.safeParse(plan);
  if (!old.success) return plan;
  return planSpecSchema.parse({ ...old.data, alpha: old.data.beta, beta: 0, gate: 'always' });
}

/** Rounds done over rounds planned, 0 at the start of the first. */
export const progressAt = (spec: RunSpec, round: number): number =>
  (countSchema.parse(round) - 1) / spec.rounds;
