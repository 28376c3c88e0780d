import { useEffect, useRef } from 'preact/hooks';
import { goTo, runHref } from '../state/router.ts';
import { inPageLanguage } from '../words/language.ts';
import { newRunWords } from '../words/new-run-words.ts';
import type { CreatedInPage, CreationProgress } from './create-in-page.ts';

interface CreationOutcomeProps {
  /** What went wrong, in words. */
  readonly text: string | null;
  readonly progress: CreationProgress | null;
  onCancel(): void;
}

/** How far the making of a run is, or why there is none. */
export function CreationOutcome({ text, progress, onCancel }: CreationOutcomeProps) {
  const words = newRunWords();
  return (
    <>
      <div role="alert">
        {text && (
          <p class="error" data-testid="refusal">
            {text}
          </p>
        )}
      </div>
      <div aria-live="polite">
        {progress && (
          <p class="creation-progress">
            {progress.text}
            <progress
              {...(progress.share === null ? {} : { value: progress.share })}
              max={1}
              aria-label={words.creating}
            />
          </p>
        )}
      </div>
      {progress && (
        <button type="button" class="secondary" onClick={onCancel} data-testid="cancel-creation">
          {words.cancel}
        </button>
      )}
    </>
  );
}

/** The run is open. What was changed about its network stays here until its host goes on. */
export function ChangedNetwork({ run, notes }: CreatedInPage) {
  const words = newRunWords();
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that was pressed is gone, and with it the focus.
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="new-run">
      <hgroup>
        <h1 ref={heading} tabIndex={-1}>
          {words.isOpen}
        </h1>
        <p>{words.changedNetwork}</p>
      </hgroup>
      <ul data-testid="network-notes">
        {notes.map(inPageLanguage).map(note => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <button type="button" onClick={() => goTo(runHref(run))} data-testid="to-run">
        {words.toRun}
      </button>
    </section>
  );
}
