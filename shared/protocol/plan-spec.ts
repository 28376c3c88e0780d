import * as z from 'zod';

const share = z.number().min(0).max(1);
/** More passes over a lease's examples than any plan asks for. */
export const MAX_EPOCHS = 50;
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
export type PlanSpecs = { readonly [Spec in PlanSpec as Spec['name']]: Spec };
export type PlanName = PlanSpec['name'];
export const planNames = planSpecSchema.options.map(option => option.shape.name.value);
