import type { DatasetList } from '../../../shared/protocol/messages.ts';
import { storageWords } from '../words/storage-words.ts';
import { formatCount } from './format.ts';

/** What Cloudflare's free plan allows of objects' storage. worker/README.md cites its pages. */
const FREE = { gigabytes: 5, rowsADay: 100_000 } as const;

/** To store 1 MB and to remove it again are two rows each. */
const ROWS_A_GIGABYTE = 4_000;

/** `homeroom cost` reckons half of the rows a day for 1,100 rounds of 30 volunteers. */
const ROUNDS_A_DAY = 2_000;

/** What limits a platform without R2. Nothing of any other. */
export function StorageNote({ storage }: Pick<DatasetList, 'storage'>) {
  if (storage === undefined) return null;
  const space = `${formatCount(FREE.gigabytes)}\u00a0GB`;
  const daily = `${formatCount(FREE.rowsADay / ROWS_A_GIGABYTE)}\u00a0GB`;
  const words = storageWords();
  return (
    <p class="muted" data-testid="storage-note">
      <small>{words.inObjects(space, formatCount(FREE.rowsADay), daily, formatCount(ROUNDS_A_DAY))}</small>
    </p>
  );
}
