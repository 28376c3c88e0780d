import { builtInNames, MAX_NAME_LENGTH } from '../../../shared/protocol/dataset.ts';
import { isPlain } from '../../../shared/protocol/one-line.ts';
import type { ImageShape } from '../../../shared/protocol/part-size.ts';
import { formatCount } from '../ui/format.ts';
import { readNumber, readWhole } from '../ui/read-number.ts';
import { dataWords } from '../words/data-words.ts';
import type { Found } from './data-reader-api.ts';

/** Sides of a picture that the page offers. Larger ones make networks that no browser trains. */
export const SIDES = { least: 8, most: 224 } as const;

/** Percent of the examples that may be kept for the test. */
export const SHARES = { least: 1, most: 90 } as const;

/** What the host has typed and chosen, as it stands in the fields. */
export interface DraftFields {
  readonly name: string;
  readonly side: string;
  readonly channels: 1 | 3;
  readonly fit: 'crop' | 'stretch';
  readonly share: string;
  readonly classNames: readonly string[];
}

export type FieldName = Exclude<keyof DraftFields, 'classNames'> | 'key' | `class-${number}`;
export type FieldErrors = Partial<Record<FieldName, string>>;

/** The shape that the fields ask for: the files' own, if it is fixed. */
export const wantedShape = ({ side, channels }: DraftFields, { kind, shape }: Found): ImageShape =>
  kind === 'pictures' ? { height: readWhole(side), width: readWhole(side), channels } : shape;

export const testShareOf = ({ share }: DraftFields): number => readNumber(share) / 100;

export const isSide = (text: string): boolean => {
  const side = readWhole(text);
  return side >= SIDES.least && side <= SIDES.most;
};

export const isShare = (text: string): boolean => {
  const share = readNumber(text);
  return share >= SHARES.least && share <= SHARES.most;
};

/**
 * What is wrong, by field, in words.
 * @param taken names of data on the platform, which the upload would be refused for
 */
export function checkFields(fields: DraftFields, found: Found, taken: readonly string[]): FieldErrors {
  const words = dataWords();
  const name = nameProblem(fields.name, taken);
  return {
    ...classErrors(fields.classNames),
    ...(found.kind !== 'pictures' || isSide(fields.side)
      ? {}
      : { side: words.badSize(formatCount(SIDES.least), formatCount(SIDES.most)) }),
    ...(found.isSplit || isShare(fields.share)
      ? {}
      : { share: words.badShare(formatCount(SHARES.least), formatCount(SHARES.most)) }),
    ...(name === undefined ? {} : { name }),
  };
}

function nameProblem(name: string, taken: readonly string[]): string | undefined {
  const words = dataWords();
  if (name.trim() === '') return words.noName;
  if (isReserved(name)) return words.builtInName;
  return taken.includes(name.trim()) ? words.takenName : textProblem(name.trim());
}

/** The platform takes no other data by these names. */
const isReserved = (name: string): boolean => builtInNames.includes(name.trim().toLowerCase());

function classErrors(names: readonly string[]): FieldErrors {
  const seen = new Map<string, number>();
  const errors: FieldErrors = {};
  for (const [label, typed] of names.entries()) {
    const name = typed.trim();
    const problem = name === '' ? dataWords().emptyClassName : textProblem(name);
    if (problem !== undefined) errors[`class-${label}`] = problem;
    else if (seen.has(name)) errors[`class-${label}`] = dataWords().sameClassName;
    seen.set(name, label);
  }
  return errors;
}

function textProblem(name: string): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return dataWords().longName(formatCount(MAX_NAME_LENGTH));
  return isPlain(name) ? undefined : dataWords().notPlainName;
}

/** The first of `name`, `name 2`, `name 3` … that is free. */
export function freeName(name: string, taken: readonly string[]): string {
  const stem = name.slice(0, MAX_NAME_LENGTH - 4);
  if (!taken.includes(stem) && !isReserved(stem)) return stem;
  let number = 2;
  while (taken.includes(`${stem} ${number}`)) number++;
  return `${stem} ${number}`;
}
