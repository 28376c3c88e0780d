/**
 * Where blobs, archives, large envelopes and sums lie: objects by key, as far as this code asks for them. R2 is one. An
 * account without R2 has them in objects with SQLite (`shelf/`). One suite of tests runs against both.
 */
export interface Bucket {
  head(key: string): Promise<StoredObject | null>;
  /** @throws if the range begins behind the object's end */
  get(key: string, options?: { range?: ByteRange }): Promise<StoredBody | null>;
  /**
   * Puts all of it or nothing, in place of what lies there. It is durable before the reply.
   * @param value a stream must have a known length
   * @returns null if the condition does not hold. Then nothing is changed
   * @throws if the bytes have another SHA-256, which the message says
   */
  put(
    key: string,
    value: ReadableStream<Uint8Array> | Uint8Array | string,
    options?: PutOptions,
  ): Promise<StoredObject | null>;
  /** What is not there is passed over. @param keys at most 1,000 */
  delete(keys: string | readonly string[]): Promise<void>;
  /** A page, in the order of the keys' UTF-8. */
  list(options: ListOptions): Promise<ListedPage>;
}

/** Some bytes, from an offset on. */
export interface ByteRange {
  readonly offset: number;
  readonly length?: number;
}

export interface PutOptions {
  /** In hexadecimal. */
  readonly sha256?: string;
  readonly customMetadata?: Record<string, string>;
  readonly onlyIf?: PutCondition;
}

/** An object that is not there meets each of them. */
export interface PutCondition {
  /** Nothing may lie there. */
  readonly etagDoesNotMatch?: '*';
  /** What lies there is older. */
  readonly uploadedBefore?: Date;
}

export interface ListOptions {
  /**
   * It begins with two folders, such as `archive/RUN/`: only what lies in them is looked at. `blobs/` alone lists all blobs,
   * and those of a deployment without R2 shelf by shelf.
   */
  readonly prefix: string;
  /** What has it behind the prefix is told by its folder alone. */
  readonly delimiter?: string;
  /** At most 1,000, which it is if it is left out. */
  readonly limit?: number;
  readonly cursor?: string;
  /** If it is asked for, a page may have less than the limit. */
  readonly include?: 'customMetadata'[];
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly uploaded: Date;
  /** In a list only if it was asked for. */
  readonly customMetadata?: Record<string, string>;
}

/** What is known of an object without its bytes. */
export interface StoredObject extends ListedObject {
  /** The same bytes have the same one. In quotes, as HTTP wants it. */
  readonly httpEtag: string;
}

export interface StoredBody extends StoredObject {
  /** Only one of these, and only once. */
  readonly body: ReadableStream<Uint8Array>;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}

export type ListedPage = {
  readonly objects: readonly ListedObject[];
  readonly delimitedPrefixes: readonly string[];
} & ({ readonly truncated: true; readonly cursor: string } | { readonly truncated: false });
