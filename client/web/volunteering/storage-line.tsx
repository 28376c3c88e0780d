import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inBursts } from '../state/in-bursts.ts';
import { formatBytes } from '../ui/format.ts';
import { clearStored, onStored, storedBytes } from './volunteer-stores.ts';

/** Measuring looks at every entry, and a model comes in many blobs, so it is done no more often than this. */
const MEASURE_EVERY_MS = 500;

/** What this browser keeps of models and data, and a button that clears it. */
export function StorageLine() {
  const used = useSignal<number | null>(null);
  const measure = async (): Promise<void> => {
    used.value = await storedBytes();
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

  return (
    <p class="storage-line">
      <small>
        Kept on this device: <span data-testid="storage-used">{formatBytes(used.value ?? 0)}</span> of models
        and data, so that nothing is downloaded twice.
      </small>
      <button
        type="button"
        class="link-button"
        disabled={!used.value}
        onClick={() => void clearStored().then(measure)}
      >
        Clear
      </button>
    </p>
  );
}
