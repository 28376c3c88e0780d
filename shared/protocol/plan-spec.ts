import * as z from 'zod';
import { MAX_SLICES } from './identifiers.ts';

/**
 * The learning plans: of each its settings, their defaults and bounds, and what people read of it. The command line,
 * the form of the page and the bench offer what stands here. What a plan does with its settings is in
 * `shared/plan/plans`; the symbols are those of `shared/plan/README.md`, "Notation".
 */

/** What people read of a plan before they choose it, in one or two sentences. */
export const planTexts = z.registry<{ readonly summary: string }>();

/** What people read of a setting. */
export interface SettingText {
  readonly label: string;
  /** What it takes, if the bounds alone do not say it. */
  readonly hint?: string;
  /** Of a choice, each in words. */
  readonly choices?: Readonly<Record<string, string>>;
}
export const settingTexts = z.registry<SettingText>();

/** More passes over a lease's examples than any plan asks for. */
export const MAX_EPOCHS = 50;

/** A setting and its text, of which this is the only place. */
function setting<Schema extends z.ZodType>(schema: Schema, text: SettingText): Schema {
  settingTexts.add(schema, text);
  return schema;
}

const epochsOf = (label: string, byDefault: number) =>
  setting(z.number().int().min(1).max(MAX_EPOCHS).default(byDefault), { label });
const epochs = epochsOf('Passes over a task’s examples', 1);
const studentEpochs = epochsOf('Passes of a student', 1);
const teacherEpochs = epochsOf('Passes of a teacher', 2);

const share = z.number().min(0).max(1);
/** Progress of the run at which something begins or ends. */
const moment = (label: string, byDefault: number) =>
  setting(share.default(byDefault), { label, hint: 'A share of the run, from 0 to 1.' });

const weight = (label: string, byDefault: number) =>
  setting(z.number().min(0).max(10).default(byDefault), { label });
const LAMBDA = 'λ, weight of early exits';
const BETA = 'β, learning from others';
const ALPHA = 'α, learning from later exits';
const GATE = {
  label: 'When an exit learns from another',
  choices: { better: 'on examples on which the other is better', always: 'on all examples' },
} satisfies SettingText;
const gate = setting(z.enum(['better', 'always']).default('better'), GATE);
/** Of all segments but the last, and of their heads. */
const earlyRate = setting(z.number().min(0.05).max(20).default(1), {
  label: 'Learning rate of the early layers',
  hint: 'Times the rate of the others.',
});
const answer = setting(z.enum(['last', 'sum', 'ensemble']).default('last'), {
  label: 'Which exits decide',
  choices: {
    last: 'the last one alone',
    sum: 'all of them, logits added up; heads stay',
    ensemble: 'all of them, probabilities averaged; heads stay',
  },
});
const temperature = setting(z.number().min(0.5).max(20).default(2), {
  label: 'τ, softness of what is learnt from others',
});

const turnsSchema = z.enum(['split', 'alternate', 'together']);
/**
 * Who trains what in one round: `split`, some volunteers each segment; `alternate`, a segment a round, all volunteers
 * the same; `together`, every volunteer all segments in one lease, no gradient crossing between them.
 */
export type Turns = z.infer<typeof turnsSchema>;
const turns = setting(turnsSchema.default('split'), {
  label: 'Who trains what in a round',
  choices: {
    split: 'volunteers share the segments',
    alternate: 'all the same segment, one after the other',
    together: 'everyone all segments, each by itself',
  },
});

/** A plan with its text and settings. */
const plan = <Name extends string, Settings extends z.ZodRawShape>(
  name: Name,
  summary: string,
  settings: Settings,
) => z.object({ name: z.literal(name), ...settings }).register(planTexts, { summary });

export const planSpecSchema = z.discriminatedUnion('name', [
  plan(
    'layer-to-layer',
    'Volunteers share the network: some train the early layers, others the later ones on top of them. Tasks are light and there is little to send, so that weak devices can join.',
    {
      turns,
      /** Weight of the teacher's logits in the student's loss, and of the student's in the teacher's. */
      alpha: setting(share.default(0), { label: 'α, learning from the teacher' }),
      beta: setting(share.default(0), { label: BETA }),
      temperature,
      /** From this progress on the student is published for good and all train the teacher. */
      freezeAt: moment('First segment frozen from', 0.7),
      studentEpochs,
      teacherEpochs,
    },
  ),
  plan(
    'layer-to-layer-literal',
    'The same, to the letter of the paper: early and later layers always learn from each other, even when the other is wrong. For comparison; it has learnt less well here.',
    { turns, temperature, studentEpochs, teacherEpochs },
  ),
  plan(
    'layer-to-layer-through',
    'After a warm-up of the whole network, the early layers learn through the later ones. Even students need room for the whole network.',
    {
      /** Progress until which the whole network is trained, so that the frozen teacher has something to say. */
      warmUp: moment('Whole network until', 0.2),
      studentEpochs,
      teacherEpochs,
    },
  ),
  plan(
    'joint-self-distillation',
    'Everyone trains the whole network. Its early layers have exits of their own, and early and late exits learn from each other. Devices need room for all of it.',
    {
      /** Weights of the heads' cross-entropy, of the last exit distilled into them, and of theirs into the last. */
      lambda: weight(LAMBDA, 0.5),
      alpha: weight(ALPHA, 0.5),
      beta: weight(BETA, 0.5),
      temperature,
      gate,
      earlyRate,
      answer,
      epochs,
    },
  ),
  plan(
    'growing',
    'One segment after the other, each frozen when the next begins. Tasks stay light to the end.',
    {
      epochs,
    },
  ),
  plan(
    'growing-together',
    'The early layers begin alone, the later ones join, and from then on everyone trains all of it. Suits deep networks; at the end devices need room for all.',
    {
      /** At this progress the last segment joins; those between join evenly before it. */
      growAt: moment('Last segment joins at', 0.5),
      /**
       * From this progress on the first segment is frozen, its rate come to zero; those between follow evenly. 1:
       * never.
       */
      freezeAt: moment('First segment frozen from', 1),
      /** Weights of the earlier heads' cross-entropy, and of their exits distilled into the newest. */
      lambda: weight(LAMBDA, 0.5),
      beta: weight(BETA, 0.5),
      temperature,
      /**
       * `last`: the newest segment's logits alone. `sum`: added to those of the heads before it, which stay in the
       * network; what joins learns what they lack.
       */
      answer: setting(z.enum(['last', 'sum']).default('last'), {
        label: 'Which segments decide',
        choices: { last: 'the last one alone', sum: 'all of them, added up; heads stay' },
      }),
      epochs,
    },
  ),
  plan(
    'depth-federated',
    'Every device trains as many of the first layers as it has room for: weak ones the early layers with an exit of their own, strong ones the whole network. All exits learn from each other.',
    {
      /** Weights of an earlier exit's cross-entropy, of later exits distilled into it, and of earlier ones into later. */
      lambda: weight(LAMBDA, 1),
      alpha: weight(ALPHA, 0.5),
      beta: weight(BETA, 0.5),
      temperature,
      gate,
      /** Before this progress exits learn from the labels alone: they know nothing yet that is worth learning. */
      distilAt: moment('Exits learn from each other from', 0),
      earlyRate,
      answer,
      /** How strongly the drift between volunteers with other pictures is corrected, as in FedDyn. */
      correction: setting(z.number().min(0).max(10).default(0), {
        label: 'μ, correction of drift',
        hint: '0: none. For volunteers whose data differ.',
      }),
      epochs,
    },
  ),
  plan(
    'sub-networks',
    'Devices train narrower copies of the network, each with a share of the channels of every layer. Needs a network without batch norm.',
    {
      /** `nested`: widths that contain each other, each device the widest that fits it. `disjoint`: shares drawn anew. */
      slicing: setting(z.enum(['nested', 'disjoint']).default('nested'), {
        label: 'Which channels a device has',
        choices: {
          nested: 'the first ones, as many as fit the device',
          disjoint: 'a share that nobody else has, drawn anew each round',
        },
      }),
      /** Widths from the whole down, each `shrink` times the one before, or disjoint shares. */
      slices: setting(z.number().int().min(2).max(MAX_SLICES).default(2), {
        label: 'Number of widths, or of shares',
      }),
      shrink: setting(z.number().min(0.05).max(0.95).default(0.5), {
        label: 'Width of each narrower copy',
        hint: 'A share of the next wider one. Disjoint shares do not use it.',
      }),
      epochs,
    },
  ),
  plan(
    'conventional',
    'Everyone trains the whole network, as in plain federated averaging. The baseline to compare with.',
    {
      epochs,
    },
  ),
  plan(
    'student-alone',
    'Only the early layers with a small head, never the rest: a control to compare with. It leaves no whole network to export.',
    { epochs },
  ),
  plan(
    'aug-local',
    'Each segment learns on its own, guided by a small imitation of all that follows it. Segments never wait for one another.',
    { turns, epochs },
  ),
  plan(
    'deep-supervision',
    'Everyone trains the whole network. Its early layers have exits of their own, which count less and less.',
    {
      /** Of the companion losses at the beginning; it decays to zero over the budget. */
      lambda: weight(LAMBDA, 0.3),
      epochs,
    },
  ),
  plan(
    'momentum-auxiliary',
    'Each segment learns on its own, guided by a slowly moving copy of the layer that follows it.',
    { turns, epochs },
  ),
]);
export type PlanSpec = z.infer<typeof planSpecSchema>;
/** By name. */
export type PlanSpecs = { readonly [Spec in PlanSpec as Spec['name']]: Spec };
export type PlanName = PlanSpec['name'];
export const planNames = planSpecSchema.options.map(option => option.shape.name.value);
