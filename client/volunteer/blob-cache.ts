import type { HomeroomClient } from './homeroom-client.ts';

/** Where blobs are kept between leases: IndexedDB in a browser, a folder in Node. A name is a hash, so nothing is ever stale. */
export interface BlobCache {
  get(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  put(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Bytes kept, and how to be rid of them. */
  size(): Promise<number>;
  clear(): Promise<void>;
}

/** Blobs fetched through a cache, with a count of what really came over the network. */
export class BlobSource {
  downloadedBytes = 0;
  private readonly client: HomeroomClient;
  private readonly cache: BlobCache;
  private readonly underWay = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(client: HomeroomClient, cache: BlobCache) {
    this.client = client;
    this.cache = cache;
  }

  /** Two asks for one blob at a time make one download. */
  get(sha256: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.underWay.get(sha256);
    if (known) return known;
    const asked = this.load(sha256, signal).finally(() => this.underWay.delete(sha256));
    this.underWay.set(sha256, asked);
    return asked;
  }

  getAll = (hashes: readonly string[], signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>[]> =>
    Promise.all(hashes.map(sha256 => this.get(sha256, signal)));

  private async load(sha256: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const kept = await this.cache.get(sha256).catch(() => undefined);
    if (kept) return kept;
    const bytes = await this.client.getBlob(sha256, signal);
    this.downloadedBytes += bytes.length;
    // A full disk costs another download one day, not this lease.
    await this.cache.put(sha256, bytes).catch(() => {});
    return bytes;
  }
}
