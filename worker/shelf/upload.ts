import { hexOf } from '../../shared/cohort/passing-hash.ts';
import { platformHash } from '../storage/platform-hash.ts';
import type { ShelfRows } from './shelf-rows.ts';

/** Bytes on their way into a shelf. Memory holds a chunk of them, and the one that comes. */
export class Upload {
  readonly version: number;
  size = 0;
  private readonly rows: ShelfRows;
  private readonly hash = platformHash();
  private held: Uint8Array | null = null;
  private stored = 0;

  constructor(rows: ShelfRows) {
    [this.rows, this.version] = [rows, rows.newVersion()];
  }

  /** All but the last have the length of a chunk. */
  async add(chunk: Uint8Array): Promise<void> {
    if (this.held) this.store(this.held);
    this.held = chunk;
    this.size += chunk.length;
    await this.hash.add(chunk);
  }

  /** After all chunks. @returns their SHA-256 in hexadecimal */
  async digest(): Promise<string> {
    return hexOf(await this.hash.digest());
  }

  /** In the transaction in which an object gets them. */
  finish(): void {
    if (this.held) this.rows.addChunk(this.version, this.stored, this.held);
    if (this.stored > 0) this.rows.bind(this.version);
  }

  /** Nothing of it is left. */
  drop(): void {
    if (this.stored === 0) return;
    this.rows.dropChunks(this.version);
    this.rows.bind(this.version);
  }

  /** The first chunk that is stored before its object is says that the version is loose. */
  private store(chunk: Uint8Array): void {
    this.rows.createTables();
    if (this.stored === 0) this.rows.loosen(this.version);
    this.rows.addChunk(this.version, this.stored, chunk);
    this.stored += 1;
  }
}
