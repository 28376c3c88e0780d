import { useSignal } from '@preact/signals';

interface CopyWords {
  readonly copy: string;
  readonly copied: string;
  readonly notCopied: string;
}

interface CopyButtonProps {
  readonly words: CopyWords;
  readonly textOf: () => string;
  /** Marks what is to be copied, for browsers that let no page copy. */
  readonly select: () => void;
}

/** Copies a text. A page that came over http from another device may not, so it says what to do. */
export function CopyButton({ words, textOf, select }: CopyButtonProps) {
  const done = useSignal<'copied' | 'notCopied' | null>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(textOf());
      done.value = 'copied';
    } catch {
      select();
      done.value = 'notCopied';
    }
  };
  return (
    <p class="copy-line">
      <button type="button" class="secondary outline" onClick={() => void copy()}>
        {words.copy}
      </button>
      <span role="status">{done.value && words[done.value]}</span>
    </p>
  );
}
