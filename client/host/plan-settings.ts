import * as z from 'zod';
import {
  type PlanName,
  type PlanSpec,
  planSpecSchema,
  planTexts,
  type SettingText,
  settingTexts,
} from '../../shared/protocol/plan-spec.ts';

/** A setting of a learning plan, as its schema has it. The command line and the form offer it. */
export type PlanSetting = NumberSetting | ChoiceSetting;

interface NumberSetting {
  readonly kind: 'number';
  readonly name: string;
  readonly text: SettingText;
  readonly standard: number;
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

interface ChoiceSetting {
  readonly kind: 'choice';
  readonly name: string;
  readonly text: SettingText;
  readonly standard: string;
  readonly choices: readonly string[];
}

/** What people read of a plan before they choose it. */
export const planSummary = (plan: PlanName): string => planTexts.get(optionOf(plan))?.summary ?? '';

/** The settings of a plan, in the schema's order. */
export const planSettings = (plan: PlanName): PlanSetting[] =>
  Object.entries(optionOf(plan).shape)
    .filter(([name]) => name !== 'name')
    .map(([name, field]) => settingOf(name, field));

function optionOf(plan: PlanName) {
  const option = planSpecSchema.options.find(({ shape }) => shape.name.value === plan);
  if (!option) throw new Error(`there is no plan ${plan}`);
  return option;
}

/** @throws if a plan's schema has a field of another kind or without a text. That is a bug, and the tests try every plan. */
function settingOf(name: string, field: z.core.$ZodType): PlanSetting {
  const text = settingTexts.get(field);
  if (field instanceof z.ZodDefault && text) {
    const inner = field.unwrap();
    const standard = field.def.defaultValue;
    if (inner instanceof z.ZodNumber)
      return {
        kind: 'number',
        name,
        text,
        standard: Number(standard),
        least: inner.minValue ?? Number.NEGATIVE_INFINITY,
        most: inner.maxValue ?? Number.POSITIVE_INFINITY,
        isWhole: inner.format === 'safeint',
      };
    if (inner instanceof z.ZodEnum)
      return { kind: 'choice', name, text, standard: String(standard), choices: inner.options.map(String) };
  }
  throw new Error(`the setting ${name} is neither a number nor a choice with a default and a text`);
}

/** The hint below a field of a form: what the field takes. There is none for a choice, which shows what it takes. */
export function settingHint(setting: PlanSetting): string | undefined {
  if (setting.kind === 'choice') return undefined;
  return setting.text.hint ?? `Takes ${describeSetting(setting)}.`;
}

export const choiceText = ({ text }: ChoiceSetting, choice: string): string =>
  text.choices?.[choice] ?? choice;

/** What a setting takes, in words: `a number from 0 to 1`. */
export const describeSetting = (setting: PlanSetting): string =>
  setting.kind === 'choice'
    ? `one of ${setting.choices.join(', ')}`
    : `a ${setting.isWhole ? 'whole ' : ''}number from ${setting.least} to ${setting.most}`;

export type PlanReading =
  | { readonly ok: true; readonly plan: PlanSpec }
  /** Says of each wrong setting what it takes instead. */
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

/** A plan with its settings as they were typed. A setting that was left out has its default. */
export function readPlan(plan: PlanName, typed: Readonly<Record<string, string>>): PlanReading {
  const known = planSettings(plan);
  const errors = Object.entries(typed).flatMap(([name, text]) => {
    const setting = known.find(candidate => candidate.name === name);
    if (!setting) return [[name, describeUnknown(plan, known)] as const];
    return isTaken(setting, text) ? [] : [[name, `It takes ${describeSetting(setting)}.`] as const];
  });
  if (errors.length > 0) return { ok: false, errors: Object.fromEntries(errors) };
  const values = known.flatMap(({ name, kind }) => {
    const text = typed[name];
    return text === undefined ? [] : [[name, kind === 'number' ? Number(text) : text] as const];
  });
  return { ok: true, plan: planSpecSchema.parse({ name: plan, ...Object.fromEntries(values) }) };
}

const describeUnknown = (plan: PlanName, known: readonly PlanSetting[]): string =>
  `${plan} has no such setting: it has ${known.map(({ name }) => name).join(', ')}.`;

function isTaken(setting: PlanSetting, text: string): boolean {
  if (setting.kind === 'choice') return setting.choices.includes(text);
  const value = Number(text);
  const isInside = value >= setting.least && value <= setting.most;
  return text.trim() !== '' && isInside && (!setting.isWhole || Number.isInteger(value));
}
