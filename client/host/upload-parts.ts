import type { PartBlob } from '../../shared/datasets/cut-into-parts.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import { uploadBlobs } from './upload-blobs.ts';

interface UploadOptions {
  readonly key?: string | undefined;
  /** Before a call is made again, with what went wrong. */
  readonly onRetry?: ((error: Error) => void) | undefined;
}

/** Enough to fill a home uplink without filling memory. */
const AT_ONCE = 4;

/**
 * Uploads the parts of a data set while later ones are being made. The first goes alone, so that a refusal is heard once. The
 * last goes alone too, after all others: if it is there, all are.
 */
export class PartUploader {
  private readonly client: HomeroomClient;
  private readonly options: UploadOptions;
  private readonly inWork = new Set<Promise<void>>();
  /** It may be the last one. */
  private newest: PartBlob | null = null;
  private isFirst = true;
  private failure: { readonly error: unknown } | null = null;

  constructor(client: HomeroomClient, options: UploadOptions = {}) {
    this.client = client;
    this.options = options;
  }

  /** Waits only if as many as may be are being uploaded. Throws what an earlier upload threw. */
  add = async (part: PartBlob): Promise<void> => {
    const before = this.newest;
    this.newest = part;
    if (before) await this.begin(before);
    this.requireNoFailure();
  };

  /** Waits for all, then uploads the last one. */
  async finish(): Promise<void> {
    await Promise.all(this.inWork);
    this.requireNoFailure();
    if (this.newest) await this.upload(this.newest);
    this.newest = null;
  }

  private async begin(part: PartBlob): Promise<void> {
    if (this.isFirst) {
      this.isFirst = false;
      return this.upload(part);
    }
    while (this.inWork.size >= AT_ONCE) await Promise.race(this.inWork);
    if (this.failure) return;
    const work: Promise<void> = this.upload(part)
      .catch(error => {
        this.failure ??= { error };
      })
      .finally(() => this.inWork.delete(work));
    this.inWork.add(work);
  }

  private upload = (part: PartBlob): Promise<void> => uploadBlobs(this.client, [part], this.options);

  private requireNoFailure(): void {
    if (this.failure) throw this.failure.error;
  }
}
