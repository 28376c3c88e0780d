import type { HomeroomClient } from '../platform/homeroom-client.ts';

/** Where blobs are kept between leases: IndexedDB in a browser, a folder in Node. A name is a hash, so nothing is ever stale. */
export interface BlobCache {
  get(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  put(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Bytes kept, and how to be rid of them. */
  size(): Promise<number>;
  clear(): Promise<void>;
}

/** Weights and topologies, which metrics count, or parts of the data, which they do not. */
export type BlobKind = 'model' | 'data';

/** Blobs fetched through a cache, with a count of what really came over the network. */
export class BlobSource {
  downloadedBytes = 0;
  private readonly client: HomeroomClient;
  private readonly cache: BlobCache;
  private readonly stopped: AbortSignal;
  private readonly underWay = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  /** Of the model, fetched and told in no lease's metrics: what came ahead, or for a lease given back, the next one tells. */
  private untoldBytes = 0;

  /** @param stopped ends downloads; a lease that ends does not, for another one may wait for the same blob */
  constructor(client: HomeroomClient, cache: BlobCache, stopped: AbortSignal) {
    this.client = client;
    this.cache = cache;
    this.stopped = stopped;
  }

  /** Two asks for one blob at a time make one download; nobody waits for it to be written. */
  get(sha256: string, kind: BlobKind): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.underWay.get(sha256);
    if (known) return known;
    const asked = this.load(sha256, kind);
    this.underWay.set(sha256, asked);
    return asked;
  }

  getAll = (hashes: readonly string[], kind: BlobKind): Promise<Uint8Array<ArrayBuffer>[]> =>
    Promise.all(hashes.map(sha256 => this.get(sha256, kind)));

  /** The model's bytes to tell now, each once; the platform believes no more than `limit` of one lease, the rest waits. */
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
      const kept = await this.cache.get(sha256).catch(() => undefined);
      if (kept) return kept;
      const bytes = await this.client.getBlob(sha256, this.stopped);
      this.downloadedBytes += bytes.length;
      if (kind === 'model') this.untoldBytes += bytes.length;
      // A full disk costs another download one day, not this lease.
      written = this.cache.put(sha256, bytes).catch(() => {});
      return bytes;
    } finally {
      void written.then(() => this.underWay.delete(sha256));
    }
  }
}
