import { cutText } from '../../../shared/protocol/cut-text.ts';
import { formatDay } from '../ui/format.ts';
import { newRunWords } from '../words/new-run-words.ts';

/** Leaves room for the date and a number in the 80 characters of a run's name. */
const MOST_OF_DATASET = 50;

export interface NameChoices {
  /** Name of the data set. */
  readonly dataset: string;
  readonly now: Date;
  /** Names that are taken by runs of the platform. */
  readonly taken: readonly string[];
}

/** A name for a run whose host gives none: the pictures and the day, with a number if there is a run of that name. */
export function suggestRunName({ dataset, now, taken }: NameChoices): string {
  const words = newRunWords();
  const pictures = dataset === 'glyphs' ? words.glyphsName : cutText(dataset, MOST_OF_DATASET);
  return freeName(words.suggestedName(pictures, formatDay(now)), taken);
}

/** The name itself if no run has it, or else with the first number that makes it another one. */
export function freeName(name: string, taken: readonly string[]): string {
  const { suggestedAgain } = newRunWords();
  const numbers = Array.from({ length: taken.length }, (_, i) => suggestedAgain(name, String(i + 2)));
  return [name, ...numbers].find(candidate => !taken.includes(candidate)) ?? name;
}
