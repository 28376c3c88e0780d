import { type RefusalReason, refusals } from '../../../../../shared/protocol/refusals.ts';
import { reasonTexts, type StandingReason } from '../../../../../shared/protocol/standing.ts';
import { refusalTexts, standingTexts } from '../refusals.ts';
import { arraySentences } from './arrays.ts';
import { dataSentences } from './data.ts';
import { networkSentences } from './network.ts';
import { platformSentences } from './platform.ts';
import { newRunSentences } from './run.ts';
import type { Sentences } from './sentences.ts';
import { topologySentences } from './topology.ts';
import { trainerSentences } from './trainer.ts';
import { volunteerSentences } from './volunteer.ts';

/** All that the pages know of what the platform, the readers and the trainer say in English. */
export const sentences: Sentences = {
  ...dataSentences,
  ...arraySentences,
  ...platformSentences,
  ...newRunSentences,
  ...volunteerSentences,
  ...trainerSentences,
  ...networkSentences,
  ...topologySentences,
};

/** A text by its reason, and with what exactly was wrong. */
const reasons: readonly (readonly [english: string, german: string])[] = [
  ...Object.entries(refusalTexts).map(
    ([reason, german]) => [refusals[reason as RefusalReason].text, german] as const,
  ),
  ...Object.entries(standingTexts).map(
    ([why, german]) => [reasonTexts[why as StandingReason], german] as const,
  ),
].flatMap(([english, german]) => [
  [english, german] as const,
  [`${english} ({})`, `${german} ({1})`] as const,
]);

interface Rule {
  readonly pattern: RegExp;
  readonly german: string;
  /** How much of the sentence is the same each time. The more, the surer is the match. */
  readonly fixed: number;
}

const HOLE = '{}';

function ruleOf([english, german]: readonly [string, string]): Rule {
  const parts = english.split(HOLE);
  const pattern = parts.map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.*?)');
  return { pattern: new RegExp(`^${pattern}$`, 's'), german, fixed: parts.join('').length };
}

/** What a reader says of a file has the path before it, if it stands in a list. */
const isOfSubject = ([english]: readonly [string, string]): boolean =>
  /^(?:is|has|holds|cannot|lies|would|lacks|was|does|do) /.test(english);

const allRules = (): readonly Rule[] => {
  const known = [...Object.entries(sentences), ...reasons];
  const ofSubject = known
    .filter(isOfSubject)
    .map(([english, german]) =>
      ruleOf([`${HOLE} ${english}`, `{1} ${german.replace(/\{(\d)\}/g, nextNumber)}`]),
    );
  const joins = [ruleOf(['{}; {}', '{1}; {2}']), ruleOf(['{}. {}', '{1}. {2}'])];
  return [...known.map(ruleOf), ...ofSubject, ...joins].sort((a, b) => b.fixed - a.fixed);
};

const nextNumber = (_: string, number: string): string => `{${Number(number) + 1}}`;

let rules: readonly Rule[] | null = null;

/** Longer texts are no sentences of ours, and a match could take long. */
const MAX_LENGTH = 1_000;
const MAX_DEPTH = 6;

/**
 * A sentence of the platform, a reader or the trainer in German. What stands in it, such as a reason, is translated too if
 * it is a sentence itself. A sentence that is not known stays as it is: free text, or what a library says.
 */
export function translate(english: string, depth = 0): string {
  if (depth > MAX_DEPTH || english.length > MAX_LENGTH) return english;
  rules ??= allRules();
  for (const { pattern, german } of rules) {
    const match = pattern.exec(english);
    if (match)
      return german.replace(/\{(\d)\}/g, (_, number) => translateHole(match[Number(number)] ?? '', depth));
  }
  return english;
}

const translateHole = (text: string, depth: number): string =>
  /^-?\d[\d,]*(?:\.\d+)?(?: ?%)?$/.test(text) ? inGermanDigits(text) : translate(text, depth + 1);

const inGermanDigits = (figure: string): string =>
  figure.replace(/[.,]/g, mark => (mark === ',' ? '.' : ','));
