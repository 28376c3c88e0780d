import { whyRefused } from '../../../shared/datasets/import/file-problems.ts';
import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import {
  type ImportChoices,
  type ImportedData,
  importData,
} from '../../../shared/datasets/import/import-data.ts';
import { PartUploader } from '../../host/upload-parts.ts';
import { createKey } from '../../platform/create-key.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import { retryForAWhile } from '../../platform/retry-for-a-while.ts';
import { UsageError } from '../terminal/usage-error.ts';

interface ImportOptions extends Omit<ImportChoices, 'onPart'> {
  readonly deploymentKey?: string | undefined;
}

interface ImportedSet extends ImportedData {
  /** By which the set can be deleted. Null if somebody else has listed the same set before. */
  readonly key: string | null;
}

/**
 * Cuts data into parts of at most 1 MB, uploads each by its hash as soon as it is made, and lists the set on the deployment.
 * @throws UsageError if nothing is left that can be read, or if it does not fit
 */
export async function importFound(
  client: HomeroomClient,
  found: FoundData,
  { deploymentKey, ...choices }: ImportOptions,
): Promise<ImportedSet> {
  const uploader = new PartUploader(client, { key: deploymentKey });
  const imported = await importData(found, { ...choices, onPart: uploader.add });
  if (!imported.ok) throw new UsageError(whyRefused(imported));
  await uploader.finish();
  const { dataset } = imported.value;
  const ownKey = createKey();
  const put = (): Promise<boolean> => client.putDataset(dataset, deploymentKey, ownKey);
  const hasKey = await retryForAWhile(client.limits, put);
  return { ...imported.value, key: hasKey ? ownKey : null };
}
