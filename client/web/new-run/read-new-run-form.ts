import type * as z from 'zod';
import { aggregationNames } from '../../../shared/protocol/aggregation-spec.ts';
import type { Dataset } from '../../../shared/protocol/dataset.ts';
import { JOIN_CODE_LENGTH } from '../../../shared/protocol/join-code.ts';
import { type PlanName, planNames } from '../../../shared/protocol/plan-spec.ts';
import { checkChoices, type RunSpecInput, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { defaultGlyphs, defaultSpec } from '../../host/default-spec.ts';
import { type PlanReading, planSettings, readPlan } from '../../host/plan-settings.ts';

export type SpecWithDataset = RunSpecInput & { readonly dataset: Dataset };

export type FieldName =
  | 'name'
  | 'dataset'
  | 'model'
  | 'ownModel'
  | 'plan'
  | 'segments'
  | SettingField
  | 'rounds'
  | 'targetAccuracy'
  | 'stopAtTarget'
  | 'minVolunteers'
  | 'updatesPerRound'
  | 'roundPolicy'
  | 'seed'
  | 'batch'
  | 'learningRate'
  | 'evaluators'
  | 'aggregation'
  | 'bucket'
  | 'check'
  | 'maxDrop'
  | 'keepRounds'
  | 'joinCode'
  | 'deploymentKey';

/** A setting of the chosen plan. */
type SettingField = `setting-${string}`;
export const settingField = (setting: string): SettingField => `setting-${setting}`;

/** The most segments that the page offers. The command line takes more. */
export const MOST_SEGMENTS = 8;

export type FieldErrors = Partial<Record<FieldName, string>>;

export type FormReading =
  | {
      readonly ok: true;
      readonly spec: SpecWithDataset;
      readonly model: string;
      /** The files of a network of one's own. There are none if the network is one of the zoo. */
      readonly ownModel: readonly File[];
      readonly cut: { readonly segments: number };
      /** Whether training pictures are held back for a referee, if there are enough. */
      readonly holdsBack: boolean;
      readonly joinCode?: string;
      readonly deploymentKey?: string;
    }
  | { readonly ok: false; readonly errors: FieldErrors };

/** Fields by the last name in a path of the specification. */
const fieldNames: readonly string[] = [
  'name',
  'rounds',
  'targetAccuracy',
  'minVolunteers',
  'updatesPerRound',
  'seed',
  'batch',
  'learningRate',
  'evaluators',
  'aggregation',
  'bucket',
  'check',
  'maxDrop',
  'keepRounds',
];

const isFieldName = (name: unknown): name is FieldName => fieldNames.some(known => known === name);

/** An accuracy, or a difference of two, is typed in percent. Everything else is typed as the specification has it. */
const inPercent: readonly FieldName[] = ['targetAccuracy', 'maxDrop'];
const scaleOf = (field: FieldName): number => (inPercent.includes(field) ? 100 : 1);

/** Reads the form and checks it by the same schema as the platform. */
export function readNewRunForm(form: FormData, datasets: readonly Dataset[]): FormReading {
  const text = (field: FieldName): string => String(form.get(field) ?? '').trim();
  const joinCode = text('joinCode');
  const deploymentKey = text('deploymentKey');
  const plan = planOf(form);
  const spec = specOf(form, datasets);
  const errors = {
    ...errorsOf(runSpecSchema.safeParse(spec)),
    ...settingErrors(plan),
    ...joinCodeError(joinCode),
    ...checkError(form),
  };
  if (Object.keys(errors).length > 0 || !plan.ok) return { ok: false, errors };
  return {
    ok: true,
    spec: { ...spec, plan: plan.plan },
    cut: { segments: Number(text('segments') || 2) },
    holdsBack: form.has('holdsBack'),
    model: text('model'),
    ownModel: chosenFiles(form),
    ...(joinCode ? { joinCode } : {}),
    ...(deploymentKey ? { deploymentKey } : {}),
  };
}

/** If none is chosen, the run is given the safest one that it can go by. */
function ruleOf(text: string): Pick<SpecWithDataset, 'aggregation'> {
  const aggregation = aggregationNames.find(name => name === text);
  return aggregation ? { aggregation } : {};
}

/** [CHECK1] If none is chosen, the schema says which. */
function checkOf(text: string): { check?: (typeof checkChoices)[number] } {
  const check = checkChoices.find(choice => choice === text);
  return check ? { check } : {};
}

/** [CHECK1] Nobody can measure a version on pictures that there are not. */
const checkError = (form: FormData): FieldErrors =>
  form.get('check') === 'always' && !form.has('holdsBack')
    ? { check: 'This needs held-back pictures: tick that, or choose another.' }
    : {};

const planNameOf = (form: FormData): PlanName =>
  planNames.find(name => name === form.get('plan')) ?? 'layer-to-layer';

/** The chosen plan. A setting that is left empty has its default. */
function planOf(form: FormData): PlanReading {
  const plan = planNameOf(form);
  const typed = planSettings(plan).flatMap(({ name }) => {
    const text = String(form.get(settingField(name)) ?? '').trim();
    return text === '' ? [] : [[name, text] as const];
  });
  return readPlan(plan, Object.fromEntries(typed));
}

const settingErrors = (plan: PlanReading): FieldErrors =>
  plan.ok
    ? {}
    : Object.fromEntries(Object.entries(plan.errors).map(([name, text]) => [settingField(name), text]));

/** If no file was chosen, the form holds one file without a name. */
const chosenFiles = (form: FormData): File[] =>
  form.getAll('ownModel').filter(entry => entry instanceof File && entry.name !== '') as File[];

function specOf(form: FormData, datasets: readonly Dataset[]): SpecWithDataset {
  const text = (field: FieldName): string => String(form.get(field) ?? '').trim();
  // Empty is not zero. The schema says that a number is missing.
  const number = (field: FieldName): number => (text(field) === '' ? Number.NaN : Number(text(field)));
  const seed = number('seed');
  const dataset = datasets.find(({ name }) => name === text('dataset')) ?? defaultGlyphs(seed);
  const defaults = defaultSpec({
    name: text('name'),
    seed,
    dataset,
    plan: planNameOf(form),
    model: chosenFiles(form).length > 0 ? 'own' : text('model'),
    rounds: number('rounds'),
    targetAccuracy: number('targetAccuracy') / 100,
  });
  return {
    ...defaults,
    stopAtTarget: form.has('stopAtTarget'),
    training: {
      ...defaults.training,
      batch: number('batch'),
      // If it is left empty, the network's own rate is taken.
      ...(text('learningRate') === '' ? {} : { learningRate: number('learningRate') }),
    },
    ...ruleOf(text('aggregation')),
    robust: text('bucket') === '' ? {} : { bucket: number('bucket') },
    policy: {
      minVolunteers: number('minVolunteers'),
      updatesPerRound: number('updatesPerRound'),
      rounds: text('roundPolicy') === 'synchronous' ? 'synchronous' : 'buffered',
      evaluators: text('evaluators') === 'referees' ? 'referees' : 'volunteers',
      ...checkOf(text('check')),
      // If they are left empty, the schema says how much, and for how many.
      ...(text('maxDrop') === '' ? {} : { maxDrop: number('maxDrop') / 100 }),
      ...(text('keepRounds') === '' ? {} : { keepRounds: number('keepRounds') }),
    },
  };
}

function errorsOf(parsed: z.ZodSafeParseResult<unknown>): FieldErrors {
  const errors: FieldErrors = {};
  for (const issue of parsed.error?.issues ?? []) {
    const field = [...issue.path].reverse().find(isFieldName) ?? 'dataset';
    errors[field] ??= describeIssue(field, issue);
  }
  return errors;
}

/** Tells the schema's bounds in words. They are written down only in the schema. */
function describeIssue(field: FieldName, issue: z.core.$ZodIssue): string {
  const scaled = (bound: number | bigint): string => String(Number(bound) * scaleOf(field));
  const isText = field === 'name';
  switch (issue.code) {
    case 'too_small':
      if (isText) return 'A name is needed.';
      return issue.inclusive ? `At least ${scaled(issue.minimum)}.` : `More than ${scaled(issue.minimum)}.`;
    case 'too_big':
      return isText ? `At most ${issue.maximum} characters.` : `At most ${scaled(issue.maximum)}.`;
    case 'invalid_type':
      return issue.expected === 'int' ? 'A whole number, please.' : 'A number, please.';
    default:
      return issue.message;
  }
}

function joinCodeError({ length }: string): FieldErrors {
  const { min, max } = JOIN_CODE_LENGTH;
  const isFitting = length === 0 || (length >= min && length <= max);
  return isFitting ? {} : { joinCode: `Between ${min} and ${max} characters.` };
}
