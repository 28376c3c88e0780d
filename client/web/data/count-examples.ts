import { formatCount } from '../ui/format.ts';
import { dataWords } from '../words/data-words.ts';

/** A table has rows, everything else pictures. */
export function countExamples(isTable: boolean, count: number): string {
  const words = dataWords();
  return (isTable ? words.rowCount : words.pictureCount)(count, formatCount(count));
}
