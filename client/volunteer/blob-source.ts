import { DamagedError } from '../platform/call-platform.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import { retryUntilReached } from '../platform/retry-until-reached.ts';
import type { ByteStore } from './byte-store.ts';

/** Weights and topologies, which the metrics count, or parts of the data, which they do not count. */
export type BlobKind = 'model' | 'data';

/** Blobs fetched through a cache, with a count of what really came over the network. */
export class BlobSource {
  downloadedBytes = 0;
  private readonly client: HomeroomClient;
  private readonly cache: ByteStore;
  private readonly stopped: AbortSignal;
  private readonly onRetry: (error: Error) => void;
  private readonly underWay = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  /**
   * Bytes of the model that no lease's metrics have told of: they came ahead, or for a lease that was given back. The next
   * lease tells of them.
   */
  private untoldBytes = 0;

  /**
   * @param stopped ends downloads. The end of a lease does not, for another one may wait for the same blob
   * @param onRetry called before each rest with why a download failed
   */
  constructor(
    client: HomeroomClient,
    cache: ByteStore,
    stopped: AbortSignal,
    onRetry: (error: Error) => void = () => {},
  ) {
    this.onRetry = onRetry;
    this.client = client;
    this.cache = cache;
    this.stopped = stopped;
  }

  /** A blob that is asked for twice at a time is downloaded once. Nobody waits until it is written to the cache. */
  get(sha256: string, kind: BlobKind): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.underWay.get(sha256);
    if (known) return known;
    const asked = this.load(sha256, kind);
    this.underWay.set(sha256, asked);
    return asked;
  }

  getAll = (hashes: readonly string[], kind: BlobKind): Promise<Uint8Array<ArrayBuffer>[]> =>
    Promise.all(hashes.map(sha256 => this.get(sha256, kind)));

  /**
   * The model's bytes to tell now. Each byte is told once. The platform believes no more than `limit` of one lease, so the
   * rest waits for another.
   */
  tellBytes(limit: number): number {
    const told = Math.min(this.untoldBytes, limit);
    this.untoldBytes -= told;
    return told;
  }

  /** Takes back what was told in metrics that are never sent. */
  untellBytes(bytes: number): void {
    this.untoldBytes += bytes;
  }

  private async load(sha256: string, kind: BlobKind): Promise<Uint8Array<ArrayBuffer>> {
    let written: Promise<unknown> = Promise.resolve();
    try {
      const kept = await this.cache.get(sha256);
      if (kept) return kept;
      const bytes = await this.download(sha256);
      this.downloadedBytes += bytes.length;
      if (kind === 'model') this.untoldBytes += bytes.length;
      written = this.cache.put(sha256, bytes);
      return bytes;
    } finally {
      void written.then(() => this.underWay.delete(sha256));
    }
  }

  /**
   * Waits for a platform that is away: what was trained and downloaded meanwhile is worth more than the wait. Whoever needs
   * the blob waits no longer than for its lease. A damaged one is damaged where it lies, mostly.
   */
  private async download(sha256: string): Promise<Uint8Array<ArrayBuffer>> {
    const { client, stopped } = this;
    let damage: DamagedError | null = null;
    const waiting = {
      backoff: client.limits.callRetry,
      isDone: () => stopped.aborted || damage !== null,
      onRetry: this.onRetry,
      rest: (ms: number) => client.reach.rest(ms, stopped),
    };
    const ask = (): Promise<Uint8Array<ArrayBuffer>> =>
      client.getBlob(sha256, stopped).catch((error: unknown) => {
        if (error instanceof DamagedError) damage = error;
        throw error;
      });
    const bytes = await retryUntilReached(waiting, ask);
    if (bytes) return bytes;
    throw damage ?? stopped.reason;
  }
}
