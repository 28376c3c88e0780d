import { ownedBytes } from '../../shared/math/bytes.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import { retryForAWhile } from '../platform/retry-for-a-while.ts';
import type { NamedBlob } from './upload-blobs.ts';

interface UploaderOptions {
  readonly key?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** After each blob that is there, with how many are. */
  readonly onUploaded?: ((done: number) => void) | undefined;
}

/** Enough to fill a home uplink without filling memory. */
const AT_ONCE = 4;

/**
 * Uploads blobs while they are made, with no more than a few in memory. Otherwise as `uploadBlobs`: a blob that is there
 * already costs one look, the first goes alone, and the last goes alone after all others.
 */
export class PartUploader {
  private readonly client: HomeroomClient;
  private readonly options: UploaderOptions;
  private readonly sending = new Set<Promise<void>>();
  /** It is sent when the next one comes, because the last goes after all others. */
  private held: NamedBlob | null = null;
  private done = 0;

  constructor(client: HomeroomClient, options: UploaderOptions = {}) {
    this.client = client;
    this.options = options;
  }

  /**
   * Takes a blob, and waits until there is room for the next.
   * @throws what the last attempt for a blob threw, or the signal's reason
   */
  add = async (blob: NamedBlob): Promise<void> => {
    this.options.signal?.throwIfAborted();
    const { held } = this;
    this.held = blob;
    if (!held) return;
    if (this.done === 0) return this.put(held);
    this.sendBeside(held);
    if (this.sending.size >= AT_ONCE) await Promise.race(this.sending);
  };

  /** Waits for all, and sends the last. */
  finish = async (): Promise<void> => {
    await Promise.all(this.sending);
    if (this.held) await this.put(this.held);
    this.held = null;
  };

  private sendBeside(blob: NamedBlob): void {
    const upload: Promise<void> = this.put(blob).then(() => void this.sending.delete(upload));
    this.sending.add(upload);
    // A failed one stays in the set, so whoever waits next hears of it.
    upload.catch(() => {});
  }

  private async put({ sha256, bytes }: NamedBlob): Promise<void> {
    const { key, signal, onUploaded } = this.options;
    await retryForAWhile(this.client.limits, async () => {
      signal?.throwIfAborted();
      if (!(await this.client.hasBlob(sha256))) await this.client.putBlob(sha256, ownedBytes(bytes), key);
    });
    this.done++;
    onUploaded?.(this.done);
  }
}
