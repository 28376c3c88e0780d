import { useRef } from 'preact/hooks';

interface PickButtonProps {
  readonly text: string;
  /** Beside others, it is the one that most people want. */
  readonly isMain?: boolean;
  readonly picks?: 'file' | 'files' | 'folder';
  /** The types of files that the browser offers. */
  readonly accept?: string;
  /** Of the browser's own picker. */
  readonly testid?: string;
  readonly onPick: (files: readonly File[]) => void;
}

/** A button that picks files. The browser's own picker is hidden, because its button cannot say what it is for. */
export function PickButton({
  text,
  isMain = true,
  picks = 'files',
  accept,
  testid,
  onPick,
}: PickButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={isMain ? '' : 'secondary'} onClick={() => input.current?.click()}>
        {text}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple={picks !== 'file'}
        {...(picks === 'folder' ? { webkitdirectory: true } : {})}
        {...(accept === undefined ? {} : { accept })}
        aria-label={text}
        data-testid={testid}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          if (files.length > 0) onPick(files);
          // The same files can be chosen again, for instance after one of them was mended.
          currentTarget.value = '';
        }}
      />
    </>
  );
}
