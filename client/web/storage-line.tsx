import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatBytes } from './format.ts';
import { blobCache, currentSession } from './volunteer-session.ts';

/** What this browser keeps of models and data, and how to be rid of it. */
export function StorageLine() {
  const used = useSignal<number | null>(null);
  const session = currentSession.value;
  const bytesDown = session?.state.value.bytesDown ?? 0;
  const measure = async (): Promise<void> => {
    used.value = await blobCache.size();
  };
  // What was downloaded was kept: measured again whenever that changed.
  useEffect(() => void measure(), [bytesDown]);

  return (
    <p class="storage-line">
      <small>
        Kept on this device: <span data-testid="storage-used">{formatBytes(used.value ?? 0)}</span> of model
        and data, so that nothing is downloaded twice.
      </small>
      <button
        type="button"
        class="link-button"
        disabled={!used.value}
        onClick={() => void blobCache.clear().then(measure)}
      >
        Clear
      </button>
    </p>
  );
}
