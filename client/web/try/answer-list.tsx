import { formatPercent } from '../ui/format.ts';
import { tryWords } from '../words/try-words.ts';
import type { Answer } from './subject.ts';

interface AnswerListProps {
  readonly answer: Answer;
  readonly classNames: readonly string[];
  /** The class that the picture really is of, if that is known. */
  readonly truth: number | null;
}

/** The likeliest classes with a bar each. */
export function AnswerList({ answer, classNames, truth }: AnswerListProps) {
  const words = tryWords();
  const nameOf = (label: number): string => classNames[label] ?? String(label);
  if (answer.guesses.length === 0) return <p>{words.noAnswer}</p>;
  return (
    <>
      <ol class="guesses" data-testid="guesses">
        {answer.guesses.map(({ label, share }, i) => (
          <li key={label} class={i === 0 ? 'guess first' : 'guess'}>
            <span class="guess-name" data-testid={i === 0 ? 'first-guess' : undefined}>
              {nameOf(label)}
            </span>
            <span class="guess-bar" aria-hidden="true">
              <span style={{ width: `${100 * share}%` }} />
            </span>
            <span class="guess-share">{formatPercent(share)}</span>
          </li>
        ))}
      </ol>
      {truth !== null && (
        <p class="note">
          {answer.guesses[0]?.label === truth ? words.isRight(nameOf(truth)) : words.isWrong(nameOf(truth))}
        </p>
      )}
      {answer.version !== null && (
        <p class="muted note" data-testid="answering-version">
          {words.versionSays(answer.version)}
        </p>
      )}
    </>
  );
}
