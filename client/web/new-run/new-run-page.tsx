import { useKeptFocus } from '../state/use-kept-focus.ts';
import '../styles/new-run.css';
import { useSignal } from '@preact/signals';
import { route } from '../state/router.ts';
import { useTitle } from '../state/use-title.ts';
import { newRunWords } from '../words/new-run-words.ts';
import { ChangedNetwork } from './creation-outcome.tsx';
import { forgetDraft } from './draft.ts';
import { NewRunForm } from './new-run-form.tsx';
import { useCreation } from './use-creation.ts';
import { useStart } from './use-start.ts';

/** The page that makes a run. */
export function NewRunPage() {
  useKeptFocus();
  const now = route.value;
  const query = now.page === 'new' ? now.query.toString() : '';
  const attempt = useSignal(0);
  const creation = useCreation();
  useTitle(newRunWords().title);
  if (creation.changed.value) return <ChangedNetwork {...creation.changed.value} />;
  const startAnew = (): void => {
    forgetDraft();
    attempt.value++;
  };
  return <Started key={`${query} ${attempt.value}`} {...{ query, creation, startAnew }} />;
}

interface StartedProps {
  readonly query: string;
  readonly creation: ReturnType<typeof useCreation>;
  startAnew(): void;
}

function Started({ query, creation, startAnew }: StartedProps) {
  const start = useStart(new URLSearchParams(query));
  return start ? (
    <NewRunForm {...{ start, creation, startAnew }} />
  ) : (
    <p aria-busy="true">{newRunWords().cloning}</p>
  );
}
