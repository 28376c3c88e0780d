import { useSignal } from '@preact/signals';

/** A text to take along. A click selects it, for browsers that do not allow copying. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    // Browsers have no clipboard on a page that came over http from another device.
    await navigator.clipboard?.writeText(text).then(
      () => (isCopied.value = true),
      () => {},
    );
    setTimeout(() => (isCopied.value = false), 2_000);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: Pico's joined field and button are this role; a fieldset would need a legend
    <div role="group" class="copy-field">
      <input readOnly value={text} aria-label={label} onFocus={event => event.currentTarget.select()} />
      <button type="button" class="secondary" onClick={() => void copy()} aria-live="polite">
        {isCopied.value ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}
