import { toOneLine } from '../../protocol/one-line.ts';
import { type Refusal, refusals } from '../../protocol/refusals.ts';

/** Something that is left out. `problem` follows the path: "is damaged". */
export interface FileProblem {
  readonly path: string;
  readonly problem: string;
}

/** More would fill memory and no one reads them. All are counted. */
export const MAX_LISTED = 1_000;

/** A list of what went wrong that is cut at its end, with the count of all. */
export class FileProblems {
  readonly list: FileProblem[] = [];
  count = 0;

  add(path: string, problem: string): void {
    this.count += 1;
    if (this.list.length < MAX_LISTED) this.list.push({ path: toOneLine(path), problem: toOneLine(problem) });
  }
}

/** What exactly was wrong, without what kind of refusal it is. */
export const whyRefused = ({ detail, reason }: Refusal): string => detail ?? refusals[reason].text;
