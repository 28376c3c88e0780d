import { concatBytes } from '../math/bytes.ts';

/** SHA-256 of bytes that pass by. */
export interface HashStream {
  /** The bytes must stay as they are until it is done. */
  add(bytes: Uint8Array): Promise<void>;
  /** Once, after all bytes. */
  digest(): Promise<Uint8Array>;
}

/** Compares the hash of all but the last bytes with those last bytes, before anybody knows which are the last. */
export class TailHash {
  private readonly hash: HashStream;
  private readonly length: number;
  private tail: Uint8Array = new Uint8Array(0);

  /** @param length of a hash */
  constructor(hash: HashStream, length: number) {
    this.hash = hash;
    this.length = length;
  }

  async add(chunk: Uint8Array): Promise<void> {
    if (chunk.length < this.length) {
      const joined = concatBytes([this.tail, chunk]);
      const end = Math.max(0, joined.length - this.length);
      this.tail = joined.subarray(end);
      return this.hash.add(joined.subarray(0, end));
    }
    const before = this.tail;
    const end = chunk.length - this.length;
    this.tail = chunk.slice(end);
    await this.hash.add(before);
    await this.hash.add(chunk.subarray(0, end));
  }

  /** Once, after all bytes. */
  async isTail(): Promise<boolean> {
    const digest = await this.hash.digest();
    return digest.length === this.tail.length && digest.every((byte, i) => byte === this.tail[i]);
  }
}

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
