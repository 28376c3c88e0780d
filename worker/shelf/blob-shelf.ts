import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';
import type { ByteRange, ListedPage, ListOptions, PutOptions, StoredObject } from '../storage/bucket.ts';
import { cutBytes } from './cut-bytes.ts';
import { listPage } from './list-page.ts';
import { READ_BYTES, type ShelfObject, type ShelfReading } from './shelf-calls.ts';
import { meets, ShelfRows, storedObject } from './shelf-rows.ts';
import { type Held, Upload } from './upload.ts';

/**
 * Some of the bucket of a deployment without R2, in SQLite: the objects of which `shelfOf` says so. An object is replaced or
 * removed at once. Who reads it meanwhile reads the bytes that it had.
 */
export class BlobShelf extends DurableObject<Env> implements ShelfObject {
  private readonly rows: ShelfRows;
  private readonly held: Held = { bytes: 0 };
  /**
   * Versions of uploads and readers that ended with this object when it last failed or slept. They go before the next change
   * or list. Whoever only reads must not write: workerd ends an object whose write finds the disk full.
   */
  private left: readonly number[];
  /** How many streams read a version. */
  private readonly readers = new Map<number, number>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.rows = new ShelfRows(ctx.storage);
    this.left = this.rows.loose();
  }

  head(key: string): StoredObject | null {
    const row = this.rows.find(key);
    return row && storedObject(row);
  }

  read(key: string, range?: ByteRange): ShelfReading | null {
    const row = this.rows.find(key);
    if (!row) return null;
    const { offset, length } = range ? within(row.size, range) : { offset: 0, length: row.size };
    const bytes =
      length > READ_BYTES
        ? this.stream(row.version, offset, length)
        : this.bytesOf(row.version, offset, length);
    return { object: storedObject(row), length, bytes };
  }

  async put(
    key: string,
    bytes: Uint8Array | ReadableStream<Uint8Array>,
    options: PutOptions,
  ): Promise<StoredObject | null> {
    await this.dropLeft();
    const upload = new Upload(this.rows, this.held);
    try {
      for await (const piece of cutBytes(bytes)) await upload.add(piece);
      const etag = await upload.digest();
      if (options.sha256 !== undefined && options.sha256 !== etag)
        throw new Error('the bytes have another SHA-256 checksum than they should');
      const stored = this.commit(key, upload, etag, options);
      if (!stored) upload.drop();
      return stored;
    } catch (error) {
      upload.drop();
      throw error;
    } finally {
      upload.letGo();
      await this.tidy();
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.dropLeft();
    this.ctx.storage.transactionSync(() => {
      for (const key of keys) this.remove(key);
    });
    await this.tidy();
  }

  async list(options: ListOptions): Promise<ListedPage> {
    await this.dropLeft();
    return listPage(this.rows, options);
  }

  /** Null if the condition does not hold. */
  private commit(
    key: string,
    upload: Upload,
    etag: string,
    { customMetadata, onlyIf }: PutOptions,
  ): StoredObject | null {
    this.rows.createTables();
    return this.ctx.storage.transactionSync(() => {
      const there = this.rows.find(key);
      if (!meets(there, onlyIf)) return null;
      upload.finish();
      const { size } = upload;
      const version = size === 0 ? 0 : upload.version;
      const metadata = customMetadata ? JSON.stringify(customMetadata) : null;
      const row = { key, version, size, etag, uploaded: Date.now(), metadata };
      this.rows.replace(row);
      if (there) this.leave(there.version);
      return storedObject(row);
    });
  }

  private remove(key: string): void {
    const there = this.rows.find(key);
    if (!there) return;
    this.rows.remove(key);
    this.leave(there.version);
  }

  /** No object has this version any more. Whoever reads it still does. */
  private leave(version: number): void {
    if (this.readers.has(version)) this.rows.loosen(version);
    else this.rows.dropChunks(version);
  }

  private bytesOf(version: number, offset: number, length: number): Uint8Array {
    const all = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const some = this.rows.bytes(version, { offset: offset + at, length: length - at });
      all.set(some, at);
      at += some.length;
    }
    return all;
  }

  /** It reads some bytes once it is asked for them. */
  private stream(version: number, offset: number, length: number): ReadableStream<Uint8Array> {
    const end = offset + length;
    let at = offset;
    this.readers.set(version, (this.readers.get(version) ?? 0) + 1);
    return new ReadableStream({
      type: 'bytes',
      pull: async controller => {
        const some = this.rows.bytes(version, { offset: at, length: Math.min(READ_BYTES, end - at) });
        // First: whoever waits for bytes asks for more at once.
        at += some.length;
        controller.enqueue(some);
        if (at < end) return;
        controller.close();
        await this.endReading(version);
      },
      cancel: () => this.endReading(version),
    });
  }

  private async endReading(version: number): Promise<void> {
    const others = (this.readers.get(version) ?? 1) - 1;
    if (others > 0) this.readers.set(version, others);
    else this.readers.delete(version);
    if (others === 0 && this.rows.isLoose(version)) await this.dropLoose([version]);
  }

  private async dropLeft(): Promise<void> {
    const { left } = this;
    this.left = [];
    if (left.length > 0) await this.dropLoose(left);
  }

  private async dropLoose(versions: readonly number[]): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const version of versions) {
        this.rows.dropChunks(version);
        this.rows.bind(version);
      }
    });
    await this.tidy();
  }

  /** A shelf with nothing on it is no more. */
  private async tidy(): Promise<void> {
    if (this.rows.isEmpty) await this.rows.clear();
  }
}

/** As R2 has it. @throws if nothing lies there */
function within(size: number, { offset, length = size - offset }: ByteRange): Required<ByteRange> {
  if (offset < 0 || offset >= size || length <= 0) throw new Error('the range begins behind the end');
  return { offset, length: Math.min(length, size - offset) };
}
