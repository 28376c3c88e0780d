import { hexOf } from '../../shared/cohort/passing-hash.ts';
import { concatBytes } from '../../shared/math/bytes.ts';
import { platformHash } from '../storage/platform-hash.ts';
import { CHUNK_BYTES } from './shelf-calls.ts';
import type { ShelfRows } from './shelf-rows.ts';

/** All uploads of a shelf hold so much together, and a piece each. What is more becomes rows that are not full. */
const MOST_HELD_BYTES = 8_000_000;

/** What the uploads of a shelf hold in memory together. */
export interface Held {
  bytes: number;
}

/** Bytes on their way into a shelf. Memory holds as much as a row has of them, or less if there are many uploads. */
export class Upload {
  readonly version: number;
  size = 0;
  private readonly rows: ShelfRows;
  private readonly together: Held;
  private readonly hash = platformHash();
  private pieces: Uint8Array[] = [];
  private held = 0;
  private stored = 0;

  constructor(rows: ShelfRows, together: Held) {
    [this.rows, this.together, this.version] = [rows, together, rows.newVersion()];
  }

  /** @param piece a chunk at most */
  async add(piece: Uint8Array): Promise<void> {
    const isMuch = this.held > 0 && this.together.bytes + piece.length > MOST_HELD_BYTES;
    if (isMuch || this.held + piece.length > CHUNK_BYTES) this.store();
    this.pieces.push(piece);
    this.hold(piece.length);
    this.size += piece.length;
    await this.hash.add(piece);
  }

  /** After all pieces. @returns their SHA-256 in hexadecimal */
  async digest(): Promise<string> {
    return hexOf(await this.hash.digest());
  }

  /** In the transaction in which an object gets them. */
  finish(): void {
    if (this.held > 0) this.rows.addChunk(this.version, this.stored, concatBytes(this.pieces));
    if (this.stored > 0) this.rows.bind(this.version);
  }

  /** Nothing of it is left. */
  drop(): void {
    if (this.stored === 0) return;
    this.rows.dropChunks(this.version);
    this.rows.bind(this.version);
  }

  /** Memory holds nothing of it any more. */
  letGo(): void {
    this.pieces = [];
    this.hold(-this.held);
  }

  /** The first chunk that is stored before its object is says that the version is loose. */
  private store(): void {
    this.rows.createTables();
    if (this.stored === 0) this.rows.loosen(this.version);
    this.rows.addChunk(this.version, this.stored, concatBytes(this.pieces));
    this.stored += this.held;
    this.letGo();
  }

  private hold(bytes: number): void {
    this.held += bytes;
    this.together.bytes += bytes;
  }
}
