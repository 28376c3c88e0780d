import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { RefusedError } from '../../platform/call-platform.ts';
import { loadRunPage } from '../later-pages.ts';
import { goTo, newRunHref } from '../state/router.ts';
import { UnownedNote } from '../ui/unowned-note.tsx';
import { agreeToTrain } from '../volunteering/agreement.ts';
import { homeWords } from '../words/home-words.ts';
import { loadFormWords } from '../words/language.ts';
import { problemText } from '../words/problem-text.ts';

type Failure = { readonly wantsKey: true } | { readonly text: string };

/** A run from defaults in one click: this tab is its host and trains at once. Who presses the button has agreed to that. */
export function QuickStart() {
  const words = homeWords();
  const progress = useSignal<string | null>(null);
  const failure = useSignal<Failure | null>(null);
  const leaving = useRef(new AbortController());
  useEffect(() => () => leaving.current.abort(), []);

  const start = async (): Promise<void> => {
    [progress.value, failure.value] = [words.starting, null];
    agreeToTrain();
    try {
      const address = await createRun(text => (progress.value = text), leaving.current.signal);
      goTo(address);
    } catch (reason) {
      if (!leaving.current.signal.aborted) failure.value = failureOf(reason);
      progress.value = null;
    }
  };

  return (
    <div class="quick-start">
      <button
        type="button"
        data-testid="quick-start"
        aria-describedby="quick-start-more"
        aria-busy={progress.value !== null}
        aria-disabled={progress.value !== null}
        onClick={() => progress.value === null && void start()}
      >
        {words.quickStart}
      </button>
      <small id="quick-start-more" class="muted">
        {words.quickStartMore}
      </small>
      <small role="status">{progress.value}</small>
      {failure.value && <FailureNote failure={failure.value} />}
    </div>
  );
}

function FailureNote({ failure }: { failure: Failure }) {
  const words = homeWords();
  return (
    <p class="error" role="alert">
      {'text' in failure ? (
        failure.text
      ) : (
        <>
          {words.wantsKey} <a href={newRunHref}>{words.wantsKeyMore}</a> <UnownedNote />
        </>
      )}
    </p>
  );
}

const failureOf = (reason: unknown): Failure =>
  reason instanceof RefusedError && reason.reason === 'creation-closed'
    ? { wantsKey: true }
    : { text: problemText(reason) };

/** The code that makes runs comes with the first click, and the run's page beside it. */
async function createRun(onText: (text: string) => void, signal: AbortSignal): Promise<string> {
  loadRunPage().catch(() => {});
  const [{ createQuickRun }] = await Promise.all([import('../new-run/create-quick-run.ts'), loadFormWords()]);
  return createQuickRun(({ text }) => onText(text), signal);
}
