import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { problemText } from '../words/problem-text.ts';
import { FRESH_MS } from './fresh-ms.ts';
import type { Answer, Subject } from './subject.ts';

/** What is asked, and what came of it. */
export interface Asking {
  /** The picture as the network sees it; null if there is none. */
  readonly pixels: Uint8Array | null;
  readonly answer: Answer | null;
  readonly isBusy: boolean;
  readonly problem: string | null;
}

const nothing: Asking = { pixels: null, answer: null, isBusy: false, problem: null };

/** Asks a network one picture at a time. While one is answered, only the last of the others is kept. */
export function useAnswers(subject: Subject) {
  const asking = useSignal<Asking>(nothing);
  const next = useRef<Uint8Array | null>(null);

  const work = async (): Promise<void> => {
    asking.value = { ...asking.value, isBusy: true };
    while (next.current) {
      const pixels = next.current;
      next.current = null;
      try {
        const answer = await subject.answer({ pixels, shape: subject.shape });
        // It may have been cleared meanwhile.
        if (asking.value.pixels !== null) asking.value = { ...asking.value, answer, problem: null };
      } catch (error) {
        asking.value = { ...asking.value, answer: null, problem: problemText(error) };
      }
    }
    asking.value = { ...asking.value, isBusy: false };
  };
  const ask = (pixels: Uint8Array): void => {
    next.current = pixels;
    asking.value = { ...asking.value, pixels };
    if (!asking.value.isBusy) void work();
  };
  const clear = (): void => {
    next.current = null;
    asking.value = { ...nothing, isBusy: asking.value.isBusy };
  };
  /** What was asked is not what the problem is about, so that its answer goes. */
  const complain = (problem: string): void => {
    clear();
    asking.value = { ...asking.value, problem };
  };

  // As the network improves, the same picture is answered anew.
  const said = asking.value.answer?.version ?? null;
  const isOld = said !== null && said !== subject.newest.value;
  useEffect(() => {
    if (!isOld) return undefined;
    const again = (): void => {
      const { pixels } = asking.value;
      if (pixels && document.visibilityState === 'visible') ask(pixels);
    };
    const timer = setTimeout(again, FRESH_MS);
    return () => clearTimeout(timer);
  }, [isOld, said]);

  return { asking, ask, clear, complain };
}
