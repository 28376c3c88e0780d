import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { platformClient } from '../state/platform-client.ts';
import { newRunWords } from '../words/new-run-words.ts';
import { problemText } from '../words/problem-text.ts';
import { type Draft, readDraft } from './draft.ts';
import type { FormValues } from './form-values.ts';
import { isOwnNetwork, valuesOfRun } from './values-of-run.ts';

/** What the form begins with. */
export interface FormStart {
  readonly initial: FormValues;
  /** The run whose settings were taken over. */
  readonly from: string | null;
  readonly base: RunSpec | null;
  /** What people should know of where the values are from, a sentence each. */
  readonly notes: readonly string[];
  /** Whether the values are of a draft, so that there is something to throw away. */
  readonly isDraft: boolean;
}

const empty: FormStart = { initial: {}, from: null, base: null, notes: [], isDraft: false };

/** From the address, from a draft, or from the run that is cloned. Null until that run is read. */
export function useStart(query: URLSearchParams): FormStart | null {
  const draft = readDraft();
  const from = query.get('from') ?? draft?.from ?? null;
  const start = useSignal<FormStart | null>(from === null ? startOf(query, draft) : null);
  useEffect(() => {
    if (from === null) return;
    const closing = new AbortController();
    platformClient.run(from, closing.signal).then(
      info => (start.value = cloneOf(info, draft, from)),
      (error: unknown) => {
        const notes = [newRunWords().cloneFailed(problemText(error))];
        if (!closing.signal.aborted) start.value = { ...startOf(query, draft), notes };
      },
    );
    return () => closing.abort();
  }, []);
  return start.value;
}

function startOf(query: URLSearchParams, draft: Draft | null): FormStart {
  const dataset = query.get('dataset');
  const words = newRunWords();
  return {
    ...empty,
    initial: { ...draft?.values, ...(dataset === null ? {} : { dataset }) },
    notes: draft ? [words.draft, ...(draft.hadFiles ? [words.own.again] : [])] : [],
    isDraft: draft !== null,
  };
}

function cloneOf(info: RunInfo, draft: Draft | null, from: string): FormStart {
  const words = newRunWords();
  const kept = draft?.from === from ? draft : null;
  return {
    initial: kept?.values ?? valuesOfRun(info),
    from,
    base: info.spec,
    notes: [
      words.cloned(info.spec.name),
      ...(isOwnNetwork(info.model.name) ? [words.clonedOwn] : []),
      ...(info.needsCode && kept === null ? [words.clonedCode] : []),
      ...(kept ? [words.draft] : []),
    ],
    isDraft: kept !== null,
  };
}
