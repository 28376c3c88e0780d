import type { HomeroomClient } from '../platform/homeroom-client.ts';
import { retryForAWhile } from '../platform/retry-for-a-while.ts';

interface NamedBlob {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

interface UploadOptions {
  readonly key?: string | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Before a call is made again, with what went wrong. */
  readonly onRetry?: ((error: Error) => void) | undefined;
}

/** Enough to fill a home uplink without filling memory. */
const AT_ONCE = 4;

/**
 * Uploads blobs, a few at a time. A blob that is there already costs one look. The first goes alone, so that a refusal
 * is heard once. The last goes alone too, after all others: if it is there, all are.
 */
export async function uploadBlobs(
  client: HomeroomClient,
  blobs: readonly NamedBlob[],
  { key, onProgress, onRetry }: UploadOptions,
): Promise<void> {
  let done = 0;
  const put = async ({ sha256, bytes }: NamedBlob): Promise<void> => {
    await retryForAWhile(
      client.limits,
      async () => {
        if (!(await client.hasBlob(sha256))) await client.putBlob(sha256, new Uint8Array(bytes), key);
      },
      onRetry,
    );
    onProgress?.(++done, blobs.length);
  };
  for (const blob of blobs.slice(0, 1)) await put(blob);
  const queue = blobs.slice(1, -1);
  const uploadRest = async (): Promise<void> => {
    for (let blob = queue.shift(); blob; blob = queue.shift()) await put(blob);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, uploadRest));
  for (const blob of blobs.slice(1).slice(-1)) await put(blob);
}
