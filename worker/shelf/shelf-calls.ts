import type { ByteRange, ListedPage, ListOptions, PutOptions, StoredObject } from '../storage/bucket.ts';

/** A stream is read so much at a time. */
export const PIECE_BYTES = 32_768;

/** What a row of a shelf holds of an object at most: the platform bounds a row to 2 MB. Most blobs lie in one row. */
export const CHUNK_BYTES = 58 * PIECE_BYTES;

/** Whoever reads slowly holds so much in memory. A row is read once for each of them. */
export const READ_BYTES = 8 * PIECE_BYTES;

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
  list(options: ListOptions): Promise<ListedPage>;
}

export interface ShelfReading {
  readonly object: StoredObject;
  /** How many bytes come. */
  readonly length: number;
  /** A stream if it is more than `READ_BYTES`. */
  readonly bytes: Uint8Array | ReadableStream<Uint8Array>;
}
