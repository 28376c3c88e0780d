import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { copyWords } from '../words/copy-words.ts';

type Outcome = 'none' | 'copied' | 'by-hand';

/** How long the button says what came of it. */
const SAID_MS = 2_000;

/** A text to take along. A click selects it. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const words = copyWords();
  const field = useRef<HTMLInputElement>(null);
  const outcome = useSignal<Outcome>('none');
  const copy = async (): Promise<void> => {
    outcome.value = (await copyText(text, field.current)) ? 'copied' : 'by-hand';
    setTimeout(() => (outcome.value = 'none'), SAID_MS);
  };
  const said = { none: words.copy, copied: words.copied, 'by-hand': words.byHand };
  return (
    // biome-ignore lint/a11y/useSemanticElements: Pico's joined field and button are this role; a fieldset would need a legend
    <div role="group" class="copy-field">
      <input
        ref={field}
        readOnly
        value={text}
        aria-label={label}
        onFocus={event => event.currentTarget.select()}
      />
      <button type="button" class="secondary" onClick={() => void copy()} aria-live="polite">
        {said[outcome.value]}
      </button>
    </div>
  );
}

/**
 * Browsers have no clipboard on a page that came over http from another device. The older way works there: it copies what
 * is selected, and the selection stays for whoever copies it by hand.
 */
async function copyText(text: string, field: HTMLInputElement | null): Promise<boolean> {
  const written = navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (await written) return true;
  field?.focus();
  field?.select();
  return document.execCommand('copy');
}
