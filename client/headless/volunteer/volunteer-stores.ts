import type { ByteStore } from '../../volunteer/byte-store.ts';
import type { OutboxStore } from '../../volunteer/outbox/outbox-store.ts';
import { maxKeptBytes } from '../../volunteer/tensor-keeper.ts';
import { openFolderOutbox } from '../files/folder-outbox.ts';
import { openFolderStore } from '../files/folder-store.ts';

/** What a volunteer in Node keeps: blobs in this folder, residuals and updates in others beside it. */
export const openVolunteerStores = (
  folder: string,
): { readonly cache: ByteStore; readonly residuals: ByteStore; readonly outbox: OutboxStore } => ({
  cache: openFolderStore(folder),
  residuals: openFolderStore(`${folder}-residuals`, maxKeptBytes),
  outbox: openFolderOutbox(`${folder}-outbox`),
});
