import type { ByteStore } from '../../volunteer/byte-store.ts';
import { maxKeptBytes } from '../../volunteer/tensor-keeper.ts';
import { openFolderStore } from '../files/folder-store.ts';

/** What a volunteer in Node keeps: blobs in this folder, residuals in one beside it. */
export const openVolunteerStores = (
  folder: string,
): { readonly cache: ByteStore; readonly residuals: ByteStore } => ({
  cache: openFolderStore(folder),
  residuals: openFolderStore(`${folder}-residuals`, maxKeptBytes),
});
