import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import { importData } from '../../../shared/datasets/import/import-data.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import {
  accepted,
  type Refusal,
  type RefusalReason,
  type Result,
  refusals,
  refused,
} from '../../../shared/protocol/refusals.ts';
import { PartUploader } from '../../host/upload-parts.ts';
import { RefusedError } from '../../platform/call-platform.ts';
import { retryForAWhile } from '../../platform/retry-for-a-while.ts';
import { platformClient } from '../state/platform-client.ts';
import type { OnProgress, UploadChoices, UploadedData } from './data-reader-api.ts';
import { problemsOf } from './describe-found.ts';

interface UploadOptions {
  readonly signal: AbortSignal;
  readonly seed: number;
  readonly onProgress: OnProgress;
}

/**
 * Cuts and uploads in the reader's thread, so that no part goes through the page. What the platform or the network says no
 * to is refused in its words: errors lose their reasons on their way to the page.
 */
export async function uploadFound(
  found: FoundData,
  { key, ownKey, ...choices }: UploadChoices,
  options: UploadOptions,
): Promise<Result<UploadedData>> {
  const { signal } = options;
  const uploader = new PartUploader(platformClient, { key });
  try {
    const data = await importData(found, {
      ...{ ...choices, ...options, partition: { kind: 'iid' }, onPart: uploader.add },
    });
    if (!data.ok) return data;
    const { dataset, ...problems } = data.value;
    await uploader.finish();
    signal.throwIfAborted();
    const hasKey = await retryForAWhile(platformClient.limits, () =>
      platformClient.putDataset(dataset, key, ownKey),
    );
    return accepted({ dataset, hasKey, problems: problemsOf({ ...problems, notes: found.notes }) });
  } catch (error) {
    return refusalOf(error);
  }
}

const refusalOf = (error: unknown): Refusal =>
  refused(error instanceof RefusedError && isReason(error.reason) ? error.reason : 'busy', errorText(error));

const isReason = (reason: string): reason is RefusalReason => Object.hasOwn(refusals, reason);
