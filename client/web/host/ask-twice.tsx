import { useSignal } from '@preact/signals';
import { hostWords } from '../words/host-words.ts';

interface AskTwiceProps {
  readonly text: string;
  readonly yes: string;
  /** Of the first button. The second one's ends in `-yes`. */
  readonly testid: string;
  readonly isBusy?: boolean;
  readonly onYes: () => void;
}

/**
 * A button for what cannot be taken back, so it asks twice. “Not yet” comes in its place, under the pointer and the focus:
 * so a second press by mistake does nothing.
 */
export function AskTwice({ text, yes, testid, isBusy = false, onYes }: AskTwiceProps) {
  const isAsked = useSignal(false);
  if (!isAsked.value)
    return (
      <button
        type="button"
        class="secondary outline"
        data-testid={testid}
        onClick={() => (isAsked.value = true)}
      >
        {text}
      </button>
    );
  return (
    <>
      <button type="button" class="secondary outline" onClick={() => (isAsked.value = false)}>
        {hostWords().notYet}
      </button>
      <button type="button" class="contrast" disabled={isBusy} data-testid={`${testid}-yes`} onClick={onYes}>
        {yes}
      </button>
    </>
  );
}
