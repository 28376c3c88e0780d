import type { ByteStore } from '../../volunteer/byte-store.ts';
import type { OutboxStore } from '../../volunteer/outbox/outbox-store.ts';
import { maxKeptBytes } from '../../volunteer/tensor-keeper.ts';
import { openFolderOutbox } from '../files/folder-outbox.ts';
import { openFolderStore } from '../files/folder-store.ts';
import { isFolder } from '../files/is-folder.ts';
import { tightenFolder } from '../files/private-folder.ts';

interface VolunteerStores {
  readonly cache: ByteStore;
  readonly residuals: ByteStore;
  readonly outbox: OutboxStore;
}

/** What a volunteer in Node keeps: blobs in this folder, residuals and updates in others beside it. */
export function openVolunteerStores(folder: string): VolunteerStores {
  const [residuals, outbox] = [`${folder}-residuals`, `${folder}-outbox`];
  // An older release left them open to other users. What was trained here is nobody's but the volunteer's.
  for (const path of [folder, residuals, outbox, `${folder}-volunteers`])
    if (isFolder(path)) tightenFolder(path);
  return {
    cache: openFolderStore(folder),
    residuals: openFolderStore(residuals, maxKeptBytes),
    outbox: openFolderOutbox(outbox),
  };
}
