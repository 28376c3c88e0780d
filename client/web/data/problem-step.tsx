import { formatCount } from '../ui/format.ts';
import { dataWords } from '../words/data-words.ts';
import { inPageLanguage } from '../words/language.ts';
import type { Problems } from './data-reader-api.ts';

/** Of a list of a thousand, nobody reads more. */
const SHOWN = 100;

/** What was left out, what is there twice, and what is odd. Nothing of it stops the upload. */
export function ProblemStep({ problems }: { problems: Problems }) {
  const words = dataWords();
  const { unreadable, unreadableCount, repeats, repeatCount, notes } = problems;
  const count = unreadableCount + repeatCount + notes.length;
  if (count === 0) return <p class="muted">{words.noProblems}</p>;
  return (
    <details class="card advanced" data-testid="problems">
      <summary>{words.problems(count, formatCount(count))}</summary>
      <ProblemList texts={notes.map(inPageLanguage)} count={notes.length} />
      <ProblemList
        title={words.unreadable(formatCount(unreadableCount))}
        texts={unreadable.map(({ path, problem }) => `${path} ${inPageLanguage(problem)}`)}
        count={unreadableCount}
      />
      <ProblemList
        title={words.duplicates(formatCount(repeatCount))}
        texts={repeats.map(({ path, of }) => words.duplicateOf(path, of))}
        count={repeatCount}
      />
    </details>
  );
}

interface ListProps {
  readonly title?: string;
  readonly texts: readonly string[];
  readonly count: number;
}

function ProblemList({ title, texts, count }: ListProps) {
  if (count === 0) return null;
  const shown = texts.slice(0, SHOWN);
  return (
    <>
      {title && <h3>{title}</h3>}
      <ul class="problem-list">
        {shown.map((text, i) => (
          <li key={i}>{text}</li>
        ))}
      </ul>
      {count > shown.length && <p class="muted">{dataWords().more(formatCount(count - shown.length))}</p>}
    </>
  );
}
