import type { DecodePicture } from '../../shared/datasets/import/decode-picture.ts';
import { whyRefused } from '../../shared/datasets/import/file-problems.ts';
import { findData } from '../../shared/datasets/import/find-data.ts';
import { importData } from '../../shared/datasets/import/import-data.ts';
import { findReadyMade } from '../../shared/datasets/ready-made/ready-made-sets.ts';
import type { HostedDataset } from '../../shared/protocol/dataset.ts';
import { refused } from '../../shared/protocol/refusals.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import { PartUploader } from './upload-parts.ts';

interface HostOptions {
  readonly key?: string | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly onRetry?: ((error: Error) => void) | undefined;
}

/** The same for everybody, so that a platform keeps the parts once. */
export const READY_MADE_SPLIT = { testShare: 0.2, seed: 1 } as const;

/**
 * Uploads the parts of a ready-made data set and describes it, for the specification of a run. A platform that has the parts
 * costs one look for each. The set need not be listed.
 * @throws RefusedError if the platform refuses a part; Error if there is no such set
 */
export async function hostReadyMade(
  client: HomeroomClient,
  name: string,
  { key, onProgress, onRetry }: HostOptions = {},
): Promise<HostedDataset> {
  const set = findReadyMade(name);
  if (!set) throw new Error(`no ready-made data set ${name}`);
  const found = await findData([await set.load()], { decode: noPictures, name });
  if (!found.ok) throw new Error(whyRefused(found));
  const uploader = new PartUploader(client, { key, onRetry });
  const imported = await importData(found.value, {
    ...READY_MADE_SPLIT,
    name,
    source: set.source,
    partition: { kind: 'iid' },
    wanted: { shape: set.shape, fit: 'crop' },
    onPart: uploader.add,
    ...(onProgress && { onProgress }),
  });
  if (!imported.ok) throw new Error(whyRefused(imported));
  await uploader.finish();
  return imported.value.dataset;
}

/** Ready-made sets are texts of numbers. */
const noPictures: DecodePicture = async () => refused('malformed', 'is no picture that is expected here');
