import type { Env } from '../env.ts';
import type {
  Bucket,
  ByteRange,
  ListedPage,
  ListOptions,
  PutOptions,
  StoredBody,
  StoredObject,
} from '../storage/bucket.ts';
import { CHUNK_BYTES, type ShelfReading } from './shelf-calls.ts';
import { blobShelves, shelfOf } from './shelf-of.ts';

/** The bucket of a deployment without R2. It asks the shelf on which a key lies. Keys are printable ASCII. */
export class ShelvedBucket implements Bucket {
  private readonly shelves: Env['SHELVES'];

  constructor(shelves: Env['SHELVES']) {
    this.shelves = shelves;
  }

  async head(key: string): Promise<StoredObject | null> {
    return this.shelf(key).head(key);
  }

  async get(key: string, { range }: { range?: ByteRange } = {}): Promise<StoredBody | null> {
    const reading = await this.shelf(key).read(key, range);
    return reading && new ShelvedBody(reading);
  }

  async put(
    key: string,
    value: ReadableStream<Uint8Array> | Uint8Array | string,
    options: PutOptions = {},
  ): Promise<StoredObject | null> {
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return this.shelf(key).put(key, bytes instanceof Uint8Array ? sendable(bytes) : bytes, options);
  }

  async delete(keys: string | readonly string[]): Promise<void> {
    const byShelf = Map.groupBy(typeof keys === 'string' ? [keys] : keys, shelfOf);
    await Promise.all(Array.from(byShelf, ([name, some]) => this.shelves.getByName(name).delete(some)));
  }

  async list(options: ListOptions): Promise<ListedPage> {
    return options.prefix === 'blobs/' ? this.listBlobs(options) : this.shelf(options.prefix).list(options);
  }

  /** Shelf by shelf. A cursor is the shelf's number and its own cursor. */
  private async listBlobs({ cursor = '0', ...options }: ListOptions): Promise<ListedPage> {
    const [place = '', behind] = cursor.split(/:(.*)/s);
    const shelf = Number(place);
    const listed = { ...options, ...(behind ? { cursor: behind } : {}) };
    const { objects, delimitedPrefixes, ...rest } = await this.shelves
      .getByName(blobShelves[shelf] ?? '')
      .list(listed);
    const next = rest.truncated ? `${shelf}:${rest.cursor}` : String(shelf + 1);
    const isLast = !rest.truncated && shelf + 1 >= blobShelves.length;
    const page = { objects, delimitedPrefixes };
    return isLast ? { ...page, truncated: false } : { ...page, truncated: true, cursor: next };
  }

  private shelf(key: string) {
    return this.shelves.getByName(shelfOf(key));
  }
}

/** A call would carry all of the buffer of which these bytes are a part. */
function sendable(bytes: Uint8Array): Uint8Array | ReadableStream<Uint8Array> {
  if (bytes.length > CHUNK_BYTES) return streamOf(bytes);
  return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const { body } = new Response(bytes);
  if (!body) throw new Error('a response with bytes has a body');
  return body;
}

class ShelvedBody implements StoredBody {
  readonly key: string;
  readonly size: number;
  readonly uploaded: Date;
  readonly httpEtag: string;
  readonly customMetadata?: Record<string, string>;
  private readonly bytes: ShelfReading['bytes'];
  private readonly length: number;

  constructor({ object, bytes, length }: ShelfReading) {
    const { key, size, uploaded, httpEtag, customMetadata } = object;
    [this.key, this.size, this.uploaded, this.httpEtag] = [key, size, uploaded, httpEtag];
    if (customMetadata) this.customMetadata = customMetadata;
    [this.bytes, this.length] = [bytes, length];
  }

  /** Its length is known, so that a response tells it. */
  get body(): ReadableStream<Uint8Array> {
    if (this.bytes instanceof Uint8Array) return streamOf(this.bytes);
    return this.bytes.pipeThrough(new FixedLengthStream(this.length));
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return new Response(this.bytes).arrayBuffer();
  }

  text(): Promise<string> {
    return new Response(this.bytes).text();
  }
}
