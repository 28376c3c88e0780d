import type * as z from 'zod';
import { JOIN_CODE_LENGTH, plainJoinCode } from '../../../shared/protocol/join-code.ts';
import type { PlanName } from '../../../shared/protocol/plan-spec.ts';
import { type PlanReading, planSettings } from '../../host/plan-settings.ts';
import { formatNumber } from '../ui/format.ts';
import { readNumber } from '../ui/read-number.ts';
import { newRunWords } from '../words/new-run-words.ts';
import { plansWords } from '../words/plans-words.ts';
import { type FieldErrors, type FieldName, fieldNames, settingField } from './field-names.ts';
import type { FormValues } from './form-values.ts';

/** An accuracy, or a difference of two, is typed in percent. Everything else is typed as the specification has it. */
const inPercent: readonly FieldName[] = ['targetAccuracy', 'maxDrop'];
const scaleOf = (field: FieldName): number => (inPercent.includes(field) ? 100 : 1);

/** What the schema of a specification says against it, at the fields by the last name in each path. */
export function errorsOf(parsed: z.ZodSafeParseResult<unknown>): FieldErrors {
  const errors: FieldErrors = {};
  const issues = parsed.error?.issues ?? [];
  for (const issue of [...issues.filter(isOfField), ...issues]) {
    const field = fieldNames.find(name => name === issue.path.findLast(isField)) ?? 'dataset';
    errors[field] ??= describeIssue(field, issue);
  }
  return errors;
}

/** An integer that the engine cannot hold is beyond the field's own bound too. That one is told. */
const isOfField = (issue: z.core.$ZodIssue): boolean => !('origin' in issue && issue.origin === 'int');

const isField = (part: PropertyKey): boolean => fieldNames.some(name => name === part);

/** Tells the schema's bounds in words. They are written down only in the schema. */
function describeIssue(field: FieldName, issue: z.core.$ZodIssue): string {
  const words = newRunWords();
  const scaled = (bound: number | bigint): string => formatNumber(Number(bound) * scaleOf(field));
  switch (issue.code) {
    case 'too_small':
      return issue.inclusive ? words.atLeast(scaled(issue.minimum)) : words.moreThan(scaled(issue.minimum));
    case 'too_big':
      return field === 'name'
        ? words.mostCharacters(String(issue.maximum))
        : words.atMost(scaled(issue.maximum));
    case 'invalid_type':
      return inWhole.includes(field) ? words.wholeNumber : words.number;
    case 'custom':
      return field === 'name' ? words.oneLine : issue.message;
    default:
      return issue.message;
  }
}

const inWhole: readonly FieldName[] = [
  'rounds',
  'minVolunteers',
  'updatesPerRound',
  'seed',
  'batch',
  'bucket',
  'keepRounds',
];

/** Each wrong setting of the plan, with what it takes. */
export const settingErrors = (plan: PlanName, reading: PlanReading): FieldErrors =>
  reading.ok
    ? {}
    : Object.fromEntries(
        planSettings(plan)
          .filter(({ name }) => name in reading.errors)
          .map(setting => [settingField(setting.name), plansWords().takes(setting)]),
      );

/** Guessing reaches a target that is no more than one class in all classes. Then it says nothing. */
export function targetError(values: FormValues, classes: number): FieldErrors {
  const typed = (values.targetAccuracy ?? '').trim();
  const target = readNumber(typed);
  const chance = 100 / classes;
  return typed !== '' && target <= chance
    ? { targetAccuracy: newRunWords().moreThanChance(formatNumber(chance)) }
    : {};
}

/** Spaces and hyphens are no part of a code, so the platform does not count them either. */
export function joinCodeError(code: string): FieldErrors {
  const { min, max } = JOIN_CODE_LENGTH;
  const isFitting = code === '' || (plainJoinCode(code).length >= min && code.length <= max);
  return isFitting ? {} : { joinCode: newRunWords().betweenCharacters(String(min), String(max)) };
}
