import * as z from 'zod';
import { aggregationNames } from './aggregation-spec.ts';
import { codecNames } from './codec-spec.ts';
import { datasetSchema } from './dataset.ts';
import { countSchema } from './identifiers.ts';

const share = z.number().min(0).max(1);
/** More passes over a lease's examples than any plan asks for. */
export const MAX_EPOCHS = 50;
/** More rounds than any run has. */
export const MAX_ROUNDS = 10_000;
const epochs = z.number().int().min(1).max(MAX_EPOCHS);

const temperature = z.number().min(0.5).max(20).default(2);
const weight = (byDefault: number) => z.number().min(0).max(10).default(byDefault);

/**
 * Who trains what in one round: `split`, some volunteers each segment; `alternate`, a segment a round, all volunteers
 * the same; `together`, every volunteer all segments in one lease, no gradient crossing between them.
 */
const turnsSchema = z.enum(['split', 'alternate', 'together']);
export type Turns = z.infer<typeof turnsSchema>;
const turns = turnsSchema.default('split');

/** The learning plans, each with its settings and the defaults of learning.md for federated runs. */
export const planSpecSchema = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('layer-to-layer'),
    turns,
    /** Weight of the teacher's answer in the student's loss, and of the student's in the teacher's. */
    alpha: share.default(0),
    beta: share.default(0),
    temperature,
    /** From this progress on the student is published for good and all train the teacher. */
    freezeAt: share.default(0.7),
    studentEpochs: epochs.default(1),
    teacherEpochs: epochs.default(2),
  }),
  z.object({
    name: z.literal('layer-to-layer-literal'),
    turns,
    temperature,
    studentEpochs: epochs.default(1),
    teacherEpochs: epochs.default(2),
  }),
  z.object({
    name: z.literal('layer-to-layer-through'),
    /** Progress until which the whole network is trained, so that the frozen teacher has something to say. */
    warmUp: share.default(0.2),
    studentEpochs: epochs.default(1),
    teacherEpochs: epochs.default(2),
  }),
  z.object({
    name: z.literal('joint-self-distillation'),
    /** Weights of the heads' cross-entropy, and of the last answer distilled into them. */
    lambda: weight(0.3),
    beta: weight(0.3),
    temperature,
    epochs: epochs.default(1),
  }),
  z.object({ name: z.literal('growing'), epochs: epochs.default(1) }),
  z.object({
    name: z.literal('growing-together'),
    /** At this progress the last segment joins; those between join evenly before it. */
    growAt: share.default(0.5),
    /** From this progress on the first segment is frozen, its rate come to zero; those between follow evenly. 1: never. */
    freezeAt: share.default(1),
    /** Weights of the earlier heads' cross-entropy, and of their answers distilled into the newest. */
    lambda: weight(0.5),
    beta: weight(0.5),
    temperature,
    /**
     * `last`: the newest segment's alone. `sum`: added to those of the heads before it, which stay in the network; what
     * joins learns what they lack.
     */
    answer: z.enum(['last', 'sum']).default('last'),
    epochs: epochs.default(1),
  }),
  z.object({ name: z.literal('conventional'), epochs: epochs.default(1) }),
  z.object({ name: z.literal('student-alone'), epochs: epochs.default(1) }),
  z.object({ name: z.literal('aug-local'), turns, epochs: epochs.default(1) }),
  z.object({
    name: z.literal('deep-supervision'),
    /** Of the companion losses at the beginning; it decays to zero over the budget. */
    lambda: weight(0.3),
    epochs: epochs.default(1),
  }),
  z.object({ name: z.literal('momentum-auxiliary'), turns, epochs: epochs.default(1) }),
]);
export type PlanSpec = z.infer<typeof planSpecSchema>;
export type PlanName = PlanSpec['name'];
export const planNames = planSpecSchema.options.map(option => option.shape.name.value);

const trainingSchema = z.object({
  batch: z.number().int().min(1).max(1_024).default(32),
  /** Of the first round; a cosine takes it to zero over the budget. */
  learningRate: z.number().positive().max(10).default(0.05),
  momentum: z.number().min(0).max(0.999).default(0.9),
  weightDecay: z.number().min(0).max(0.1).default(5e-4),
  /** Of training pictures, drawn anew for every lease: a flip, and a crop of the picture padded by 4 on each side. */
  augment: z.enum(['none', 'flip-and-crop']).default('none'),
  partsPerLease: z.number().int().min(1).max(64).default(1),
});

const policySchema = z.object({
  /** Updates wanted a round, shared evenly among its roles; fewer where fewer volunteers are there. */
  updatesPerRound: z.number().int().min(1).max(500).default(4),
  /** Leases issued for each update wanted: a crowd loses 6 to 10 % of its leases (Google FL 2019 issues 130 %). */
  overIssue: z.number().min(1).max(3).default(1.3),
  /** Nothing is leased before so many volunteers are there. */
  minVolunteers: z.number().int().min(1).max(500).default(1),
  leaseMs: z.number().int().min(1_000).max(3_600_000).default(120_000),
  roundMs: z.number().int().min(1_000).max(86_400_000).default(180_000),
  /** Who evaluates: any volunteer, or only referees, who hold the host key. */
  evaluators: z.enum(['volunteers', 'referees']).default('volunteers'),
});

export const runSpecSchema = z.object({
  name: z.string().trim().min(1).max(80),
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
  codec: z.enum(codecNames).default('f16'),
  aggregation: z.enum(aggregationNames).default('clipped-mean'),
});
export type RunSpec = z.infer<typeof runSpecSchema>;
export type RunSpecInput = z.input<typeof runSpecSchema>;

/** Rounds done over rounds planned, 0 at the start of the first. */
export const progressAt = (spec: RunSpec, round: number): number =>
  (countSchema.parse(round) - 1) / spec.rounds;
