import { createHostedDataset } from '../../../shared/datasets/cut-into-parts.ts';
import type { DatasetFiles } from '../../../shared/datasets/files/read-dataset-files.ts';
import type { HostedDataset, Partition } from '../../../shared/protocol/dataset.ts';
import { describeRefusal } from '../../../shared/protocol/refusals.ts';
import { uploadBlobs } from '../../host/upload-blobs.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import { retryForAWhile } from '../../platform/retry-for-a-while.ts';
import { UsageError } from '../terminal/usage-error.ts';

export interface ImportOptions {
  readonly partition: Partition;
  readonly seed: number;
  readonly deploymentKey?: string | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Cuts a data set into parts of about 1 MB, uploads them by hash, and lists it on the deployment. */
export async function importDataset(
  client: HomeroomClient,
  files: DatasetFiles,
  options: ImportOptions,
): Promise<HostedDataset> {
  const { name, train, test, classNames } = files;
  const { partition, seed, deploymentKey, onProgress } = options;
  const named = classNames ? { name, classNames } : { name };
  const hosted = createHostedDataset(train, test, { ...named, partition, seed });
  if (!hosted.ok) throw new UsageError(hosted.detail ?? describeRefusal(hosted));
  await uploadBlobs(client, hosted.value.blobs, { key: deploymentKey, onProgress });
  await retryForAWhile(client.limits, () => client.putDataset(hosted.value.dataset, deploymentKey));
  return hosted.value.dataset;
}
