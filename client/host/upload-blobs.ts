import { ownedBytes } from '../../shared/math/bytes.ts';
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
 * Uploads blobs, a few at a time, after one look at which of them are there already. The first goes alone, so that a
 * refusal is heard once. The last goes alone too, after all others: if it is there, all are.
 */
export async function uploadBlobs(
  client: HomeroomClient,
  blobs: readonly NamedBlob[],
  { key, onProgress, onRetry }: UploadOptions,
): Promise<void> {
  const patiently = <T>(call: () => Promise<T>): Promise<T> => retryForAWhile(client.limits, call, onRetry);
  const names = blobs.map(({ sha256 }) => sha256);
  const lacking = new Set(await patiently(() => client.lackingBlobs(names, key)));
  const left = blobs.filter(({ sha256 }) => lacking.has(sha256));
  let done = blobs.length - left.length;
  if (done > 0) onProgress?.(done, blobs.length);
  const put = async ({ sha256, bytes }: NamedBlob): Promise<void> => {
    await patiently(() => client.putBlob(sha256, ownedBytes(bytes), key));
    onProgress?.(++done, blobs.length);
  };
  for (const blob of left.slice(0, 1)) await put(blob);
  const queue = left.slice(1, -1);
  const uploadRest = async (): Promise<void> => {
    for (let blob = queue.shift(); blob; blob = queue.shift()) await put(blob);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, uploadRest));
  for (const blob of left.slice(1).slice(-1)) await put(blob);
}
