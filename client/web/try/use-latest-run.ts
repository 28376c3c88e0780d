import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import { isMissing } from '../../platform/call-platform.ts';
import { rest } from '../../platform/rest.ts';
import { platformClient } from '../state/platform-client.ts';
import { problemText } from '../words/problem-text.ts';

/** A page that only answers need not hear of every event, so it holds no socket and asks now and then. */
const AGAIN_MS = 20_000;
const RETRY_MS = 5_000;

export interface LatestRun {
  /** Null if it was never heard of. */
  readonly info: RunInfo | null;
  /** Why it is not; null if nothing went wrong. */
  readonly problem: 'missing' | { readonly why: string } | null;
}

/** A run as it was a moment ago, until it is finished. A page that nobody sees asks nothing. */
export function useLatestRun(run: string): LatestRun {
  const latest = useSignal<LatestRun>({ info: null, problem: null });
  useEffect(() => {
    const closing = new AbortController();
    void follow(run, closing.signal, next => (latest.value = next(latest.value)));
    return () => closing.abort();
  }, [run]);
  return latest.value;
}

async function follow(
  run: string,
  closed: AbortSignal,
  set: (next: (now: LatestRun) => LatestRun) => void,
): Promise<void> {
  while (!closed.aborted) {
    let restMs = AGAIN_MS;
    try {
      const info = document.visibilityState === 'visible' ? await platformClient.run(run, closed) : null;
      if (info) set(() => ({ info, problem: null }));
      if (info?.view.phase === 'finished') return;
    } catch (error) {
      if (closed.aborted) return;
      set(({ info }) => ({ info, problem: isMissing(error) ? 'missing' : { why: problemText(error) } }));
      if (isMissing(error)) return;
      restMs = RETRY_MS;
    }
    await rest(restMs, closed);
  }
}
