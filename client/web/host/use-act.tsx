import { useSignal } from '@preact/signals';
import { problemText } from '../words/problem-text.ts';

export interface Act {
  /** Carries out what the host asks. If that fails, its place on the page says why. */
  run(what: () => Promise<unknown>): Promise<void>;
  show(reason: unknown): void;
  readonly isBusy: boolean;
  readonly error: string | null;
}

/** Calls to the platform at a press, one at a time, with their error. */
export function useAct(): Act {
  const error = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const show = (reason: unknown): void => {
    error.value = problemText(reason);
  };
  const run = async (what: () => Promise<unknown>): Promise<void> => {
    if (isBusy.value) return;
    [error.value, isBusy.value] = [null, true];
    await what().catch(show);
    isBusy.value = false;
  };
  return { run, show, isBusy: isBusy.value, error: error.value };
}

export function ActError({ act }: { act: Act }) {
  if (act.error === null) return null;
  return (
    <p class="error" role="alert">
      {act.error}
    </p>
  );
}
