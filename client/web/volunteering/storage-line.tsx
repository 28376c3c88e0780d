import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inBursts } from '../state/in-bursts.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { volunteerWords } from '../words/volunteer-words.ts';
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
        {volunteerWords().kept(<span data-testid="storage-used">{formatBytes(stored.value.bytes)}</span>)}
        <UpdatesKept {...stored.value} />
      </small>
      <ClearButton {...stored.value} onClear={withUpdates => void clear(withUpdates)} />
    </p>
  );
}

function UpdatesKept({ updates, updateBytes }: Stored) {
  if (updates === 0) return null;
  return (
    <>
      {' '}
      <span data-testid="storage-updates">
        {volunteerWords().updatesKept(updates, formatCount(updates), formatBytes(updateBytes))}
      </span>
    </>
  );
}

interface ClearButtonProps extends Stored {
  readonly onClear: (withUpdates: boolean) => void;
}

/** Updates that wait would be lost, so the button asks before it clears them. */
function ClearButton({ bytes, updates, onClear }: ClearButtonProps) {
  const words = volunteerWords();
  const isAsked = useSignal(false);
  const ask = (): void => {
    isAsked.value = true;
  };
  const answer = (withUpdates: boolean): void => {
    isAsked.value = false;
    onClear(withUpdates);
  };
  if (updates === 0)
    return <LinkButton text={words.clear} isDisabled={bytes === 0} onClick={() => answer(false)} />;
  if (!isAsked.value) return <LinkButton text={words.clear} onClick={ask} />;
  return (
    <>
      <LinkButton text={words.clearAll} onClick={() => answer(true)} />
      <LinkButton text={words.keepUpdates} onClick={() => answer(false)} />
    </>
  );
}
