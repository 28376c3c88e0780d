import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { runWords } from '../words/run-words.ts';

/** What is too wide scrolls sideways, by finger and by keyboard, and says so while some of it is out of sight. */
export function ScrollBox({ label, children }: { label: string; children: ComponentChildren }) {
  const box = useRef<HTMLElement>(null);
  const isWider = useSignal(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const look = new ResizeObserver(() => {
      isWider.value = element.scrollWidth > element.clientWidth + 1;
    });
    look.observe(element);
    if (element.firstElementChild) look.observe(element.firstElementChild);
    return () => look.disconnect();
  }, []);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, which needs the focus where there is no finger */}
      <section ref={box} class="table-scroll" tabIndex={0} aria-label={label}>
        {children}
      </section>
      {isWider.value && (
        <p class="muted note scroll-hint" data-testid="scroll-hint">
          <span aria-hidden="true">↔ </span>
          {runWords().scrolls}
        </p>
      )}
    </>
  );
}
