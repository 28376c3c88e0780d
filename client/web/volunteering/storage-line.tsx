import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inBursts } from '../state/in-bursts.ts';
import { formatBytes } from '../ui/format.ts';
import { clearDownloads, clearUpdates, measureStored, onStored, type Stored } from './volunteer-stores.ts';

/** Measuring looks at every entry, and a model comes in many blobs, so it is done no more often than this. */
const MEASURE_EVERY_MS = 500;

const nothing: Stored = { bytes: 0, updates: 0, updateBytes: 0 };

/** What this browser keeps of models, data and updates, and a button that clears it. */
export function StorageLine() {
  const stored = useSignal(nothing);
  const measure = async (): Promise<void> => {
    stored.value = await measureStored();
  };
  useEffect(() => {
    void measure();
    const writes = inBursts<null>(MEASURE_EVERY_MS, () => void measure());
    onStored(() => writes.push([null]));
    return () => {
      onStored(null);
      writes.cancel();
    };
  }, []);
  const clear = async (withUpdates: boolean): Promise<void> => {
    await Promise.all([clearDownloads(), withUpdates ? clearUpdates() : null]);
    await measure();
  };

  return (
    <p class="storage-line">
      <small>
        Kept on this device: <span data-testid="storage-used">{formatBytes(stored.value.bytes)}</span> of
        models and data, so that nothing is downloaded twice.
        <UpdatesKept {...stored.value} />
      </small>
      <ClearButton {...stored.value} onClear={withUpdates => void clear(withUpdates)} />
    </p>
  );
}

function UpdatesKept({ updates, updateBytes }: Stored) {
  if (updates === 0) return null;
  const wait = updates === 1 ? '1 update waits' : `${updates} updates wait`;
  return (
    <>
      {' '}
      <span data-testid="storage-updates">
        {wait} to be sent ({formatBytes(updateBytes)}).
      </span>
    </>
  );
}

interface ClearButtonProps extends Stored {
  readonly onClear: (withUpdates: boolean) => void;
}

/** Updates that wait would be lost, so the button asks before it clears them. */
function ClearButton({ bytes, updates, onClear }: ClearButtonProps) {
  const isAsked = useSignal(false);
  const ask = (): void => {
    isAsked.value = true;
  };
  const answer = (withUpdates: boolean): void => {
    isAsked.value = false;
    onClear(withUpdates);
  };
  if (updates === 0)
    return <LinkButton text="Clear" isDisabled={bytes === 0} onClick={() => answer(false)} />;
  if (!isAsked.value) return <LinkButton text="Clear" onClick={ask} />;
  return (
    <>
      <LinkButton text="Clear all and lose the updates" onClick={() => answer(true)} />
      <LinkButton text="Keep the updates" onClick={() => answer(false)} />
    </>
  );
}

interface LinkButtonProps {
  readonly text: string;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

function LinkButton({ text, isDisabled = false, onClick }: LinkButtonProps) {
  return (
    <button type="button" class="link-button" disabled={isDisabled} onClick={onClick}>
      {text}
    </button>
  );
}
