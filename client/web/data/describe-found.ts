import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import type { ImportedData } from '../../../shared/datasets/import/import-data.ts';
import type { Found, Problems } from './data-reader-api.ts';

/** What the page needs to know: counts, and not a line for each of a hundred thousand pictures. */
export function describeFound(found: FoundData): Found {
  const { kind, name, shape, classNames, items, textTable } = found;
  const counts = new Float64Array(classNames.length);
  for (const { label } of items) counts[label] = (counts[label] ?? 0) + 1;
  return {
    ...{ kind, name, shape },
    classes: classNames.map((className, label) => ({ name: className, examples: counts[label] ?? 0 })),
    textTable: textTable ?? null,
    isSplit: items.some(({ split }) => split === 'test') && items.some(({ split }) => split === 'train'),
    problems: problemsOf({ ...found, repeats: [], repeatCount: 0 }),
  };
}

type ProblemLists = Pick<FoundData, 'notes'> & Omit<ImportedData, 'dataset'>;

export const problemsOf = ({
  problems,
  problemCount,
  repeats,
  repeatCount,
  notes,
}: ProblemLists): Problems => ({
  ...{ unreadable: problems, unreadableCount: problemCount },
  ...{ repeats, repeatCount, notes },
});
