import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { packageRoot } from '../../client/headless/package-root.ts';
import type { ByteRange, ListOptions } from '../../worker/storage/bucket.ts';
import type { BucketCall, PutCall, ToldObject, ToldPage } from './bucket-calls.ts';
import { bundleWorker } from './bundle-worker.ts';

const inPackage = (path: string): string => JSON.stringify(join(packageRoot, path));

/** At `/r2` the bucket of a deployment with R2, at `/shelves` that of one without. */
const entryCode = `
import { answerCall } from ${inPackage('test/support/bucket-door.ts')};
import { bucketOf } from ${inPackage('worker/storage/bucket-of.ts')};
export { BlobShelf } from ${inPackage('worker/shelf/blob-shelf.ts')};
export default {
  fetch: (request, { BLOBS, SHELVES }) =>
    answerCall(bucketOf(new URL(request.url).pathname === '/r2' ? { BLOBS, SHELVES } : { SHELVES }), request),
};`;

/** R2 and shelves, and nothing else of the platform. @param folder in which both are kept. Left out: in memory */
export async function startBuckets(folder?: string, inspectorPort?: number): Promise<Miniflare> {
  return new Miniflare({
    modules: [{ type: 'ESModule', path: 'index.js', contents: await bundleWorker(entryCode) }],
    compatibilityDate: '2026-07-30',
    r2Buckets: ['BLOBS'],
    durableObjects: { SHELVES: { className: 'BlobShelf', useSQLite: true } },
    ...(folder !== undefined && {
      durableObjectsPersist: join(folder, 'objects'),
      r2Persist: join(folder, 'r2'),
    }),
    ...(inspectorPort !== undefined && { inspectorPort }),
    cf: false,
  });
}

export type Kind = 'r2' | 'shelves';

/** What the platform says if a call fails. */
export class BucketError extends Error {}

/** A bucket inside workerd, asked from outside. */
export class BucketClient {
  private readonly miniflare: Miniflare;
  private readonly kind: Kind;

  constructor(miniflare: Miniflare, kind: Kind) {
    [this.miniflare, this.kind] = [miniflare, kind];
  }

  async head(key: string): Promise<ToldObject | null> {
    return (await this.call<ToldObject | null>({ type: 'head', key })).told;
  }

  async get(key: string, range?: ByteRange): Promise<(ToldObject & { readonly bytes: Uint8Array }) | null> {
    const { told, bytes } = await this.call<ToldObject | null>({ type: 'get', key, ...(range && { range }) });
    return told && { ...told, bytes };
  }

  async put(
    key: string,
    bytes: Uint8Array,
    options: Omit<PutCall, 'type' | 'key' | 'as'> & Partial<Pick<PutCall, 'as'>> = {},
  ): Promise<ToldObject | null> {
    const call = { type: 'put', key, as: 'bytes', ...options } as const;
    return (await this.call<ToldObject | null>(call, bytes)).told;
  }

  /** Announces these bytes, and breaks off before the last. @returns what the put fails with */
  async brokenPut(key: string, bytes: Uint8Array): Promise<string | null> {
    return (await this.call<{ error: string | null }>({ type: 'brokenPut', key }, bytes)).told.error;
  }

  /** As above, but whoever sends is gone with its call, or stays and sends no more. Then this never ends. */
  async unendedPut(key: string, bytes: Uint8Array, type: 'leftPut' | 'heldPut'): Promise<void> {
    await this.call({ type, key }, bytes);
  }

  async delete(keys: string | readonly string[]): Promise<void> {
    await this.call({ type: 'delete' }, Buffer.from(JSON.stringify(keys)));
  }

  async list(options: ListOptions): Promise<ToldPage> {
    const { bytes } = await this.call({ type: 'list', options });
    return JSON.parse(Buffer.from(bytes).toString());
  }

  /** What is read of an object that is changed after its first bytes were read. */
  async readWhile(key: string, change: 'delete' | 'put'): Promise<Uint8Array> {
    return (await this.call({ type: 'readWhile', key, change })).bytes;
  }

  /** Reads the first bytes of an object and cancels the rest. @returns how many these were */
  async readPart(key: string): Promise<number> {
    return (await this.call<number>({ type: 'readPart', key })).told;
  }

  private async call<T>(call: BucketCall, body?: Uint8Array): Promise<{ told: T; bytes: Uint8Array }> {
    const response = await this.miniflare.dispatchFetch(`http://buckets/${this.kind}`, {
      ...{
        method: 'POST',
        headers: {
          'x-call': encodeURIComponent(JSON.stringify(call)),
          'x-length': String(body?.length ?? 0),
        },
      },
      ...(body && { body }),
    });
    if (!response.ok) throw new BucketError(await response.text());
    const told: T = JSON.parse(response.headers.get('x-reply') ?? 'null');
    return { told, bytes: new Uint8Array(await response.arrayBuffer()) };
  }
}
