import { useSignal } from '@preact/signals';

/** A text to take along; selected by a click where copying is not allowed. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    // Missing over http from another device.
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
