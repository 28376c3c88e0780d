import type { Env } from '../env.ts';
import { datasetBlobs } from '../storage/blob-names.ts';
import type { DatasetRow } from '../storage/dataset-directory.ts';
import { deriveId } from '../tokens.ts';
import { coordinatorOf } from './coordinator-of.ts';

const ID_LENGTH = 10;

/**
 * [KEY7] Takes a data set out of the list, and its parts away if nobody else names them. That takes turns, and an hour in
 * between. So a coordinator object that never has a run of its own does it, as it does what is left of a run.
 */
export async function removeParts(env: Env, { dataset, createdAt }: DatasetRow): Promise<void> {
  const { name } = dataset;
  const id = await deriveId(env, 'data set', name, ID_LENGTH);
  const blobs = dataset.kind === 'hosted' ? datasetBlobs(dataset) : [];
  await coordinatorOf(env, id).removeDataset(id, { name, createdAt }, blobs);
}
