import type { ByteRange, ListedPage, ListOptions, PutOptions, StoredObject } from '../storage/bucket.ts';

/**
 * What a row of a shelf holds of an object. The platform bounds a row to 2 MB, and memory holds one or two of these.
 * Most blobs are about 1 MB, and lie in one row.
 */
export const CHUNK_BYTES = 1_900_000;

/** What a shelf is asked by whoever has the bucket (`shelved-bucket`). It keeps the contract of `Bucket`. */
export interface ShelfObject extends Rpc.DurableObjectBranded {
  head(key: string): StoredObject | null;
  read(key: string, range?: ByteRange): ShelfReading | null;
  /** @param bytes a stream if it is more than a chunk: a call carries 32 MiB at most */
  put(
    key: string,
    bytes: Uint8Array | ReadableStream<Uint8Array>,
    options: PutOptions,
  ): Promise<StoredObject | null>;
  delete(keys: readonly string[]): Promise<void>;
  list(options: ListOptions): ListedPage;
}

export interface ShelfReading {
  readonly object: StoredObject;
  /** How many bytes come. */
  readonly length: number;
  /** A stream if it is more than a chunk. */
  readonly bytes: Uint8Array | ReadableStream<Uint8Array>;
}
