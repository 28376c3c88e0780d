import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { RefusedError } from '../../platform/call-platform.ts';
import { goTo, runHref } from '../state/router.ts';
import { newRunWords } from '../words/new-run-words.ts';
import { problemText } from '../words/problem-text.ts';
import {
  type CreatedInPage,
  type CreationChoices,
  type CreationProgress,
  createInPage,
} from './create-in-page.ts';
import { createQuickRun } from './create-quick-run.ts';
import { forgetDraft } from './draft.ts';
import type { FieldErrors } from './field-names.ts';
import { focusFirstError } from './use-form-state.ts';

/** What comes of an attempt to make a run, as far as the form has to show it. */
interface Failure {
  /** At their fields, if it is known which they are. */
  readonly errors: FieldErrors;
  readonly text: string | null;
}

const nothing: Failure = { errors: {}, text: null };

/** Makes runs: shows how far it is, and can be told to stop. A page that is left stops too. */
export function useCreation() {
  const progress = useSignal<CreationProgress | null>(null);
  const failure = useSignal<Failure>(nothing);
  const needsKey = useSignal(false);
  /** A run whose network was changed. Its host reads what was changed before going on. */
  const changed = useSignal<CreatedInPage | null>(null);
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);

  const run = async (
    make: (onProgress: (now: CreationProgress) => void, signal: AbortSignal) => Promise<void>,
    onError: (error: unknown) => Failure,
  ): Promise<void> => {
    const controller = new AbortController();
    stopping.current = controller;
    failure.value = nothing;
    progress.value = { text: newRunWords().startingTrainer, share: null };
    const { signal } = controller;
    try {
      await make(now => (progress.value = signal.aborted ? null : now), signal);
    } catch (error) {
      failure.value = signal.aborted ? { errors: {}, text: newRunWords().cancelled } : onError(error);
      if (Object.keys(failure.value.errors).length > 0) focusFirstError();
      needsKey.value ||= error instanceof RefusedError && error.reason === 'creation-closed';
    } finally {
      progress.value = null;
    }
  };

  const create = (choices: CreationChoices): Promise<void> =>
    run(
      async (onProgress, signal) => {
        const created = await createInPage(choices, { onProgress, signal });
        forgetDraft();
        if (created.notes.length > 0) changed.value = created;
        else goTo(runHref(created.run));
      },
      error => failureOf(error, choices.files !== undefined),
    );
  const createQuick = (): Promise<void> =>
    run(
      async (onProgress, signal) => goTo(await createQuickRun(onProgress, signal)),
      error => failureOf(error, false),
    );
  const cancel = (): void => stopping.current?.abort();
  const forgive = (): void => {
    if (failure.value !== nothing) failure.value = nothing;
  };
  return { progress, failure, needsKey, changed, create, createQuick, cancel, forgive };
}

function failureOf(error: unknown, isOwn: boolean): Failure {
  if (isModelRefusal(error))
    return { errors: { [isOwn ? 'ownModel' : 'segments']: `${problemText(error)}.` }, text: null };
  if (error instanceof RefusedError && error.reason === 'creation-closed')
    return { errors: { deploymentKey: `${problemText(error)}.` }, text: null };
  return { errors: {}, text: newRunWords().failed(problemText(error)) };
}

/** Whether the error says that the network cannot be cut like this, or cannot be trained. */
const isModelRefusal = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ModelRefusal';
