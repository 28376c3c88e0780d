import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { passFor } from '../../platform/pass-for.ts';
import { type AskedPass, keepPass, keptPass } from '../state/person-pass.ts';
import { platformClient } from '../state/platform-client.ts';
import { personWords } from '../words/person-words.ts';
import { problemText } from '../words/problem-text.ts';
import { loadTurnstile, showCheck, type Turnstile } from './turnstile.ts';

export type CheckState =
  | { readonly is: 'loading' | 'asking' | 'passing' | 'passed' | 'unloaded' | 'unsupported' | 'unkept' }
  /** The widget is there and tries again, by itself or when its user asks. */
  | { readonly is: 'failed'; readonly why: string };

/** The check of people, from its script to the pass that the run's page finds. */
export function useCheck(asked: AskedPass) {
  const state = useSignal<CheckState>({ is: 'loading' });
  const container = useRef<HTMLDivElement>(null);
  const widget = useRef<{ turnstile: Turnstile; id: string } | null>(null);

  /** A token is good once, so after a refusal the check is shown anew. */
  const exchange = async (human: string): Promise<void> => {
    state.value = { is: 'passing' };
    try {
      const pass = await passFor(platformClient, asked.run, { human, nonce: asked.nonce });
      state.value = { is: handOver(asked, pass) ? 'passed' : 'unkept' };
    } catch (error) {
      state.value = { is: 'failed', why: problemText(error) };
    }
  };

  const show = (turnstile: Turnstile): void => {
    if (!container.current) return;
    state.value = { is: 'asking' };
    const id = showCheck(turnstile, container.current, asked.siteKey, {
      onToken: token => void exchange(token),
      onError: code => (state.value = { is: 'failed', why: personWords().cloudflareSays(code) }),
      onUnsupported: () => (state.value = { is: 'unsupported' }),
    });
    if (id) widget.current = { turnstile, id };
    else state.value = { is: 'unloaded' };
  };

  useEffect(() => {
    loadTurnstile().then(show, () => (state.value = { is: 'unloaded' }));
  }, []);

  const tryAgain = (): void => {
    state.value = { is: 'asking' };
    if (widget.current) widget.current.turnstile.reset(widget.current.id);
  };
  return { state, container, tryAgain };
}

/** @returns false if this browser keeps nothing of this site */
function handOver({ run, nonce }: AskedPass, pass: string): boolean {
  keepPass(run, { nonce, pass });
  if (keptPass(run, nonce) === null) return false;
  // A browser closes only a window that a page has opened. The words stay in any other.
  window.close();
  return true;
}
