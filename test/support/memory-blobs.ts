import { createHash } from 'node:crypto';
import type { Blobs } from '../../shared/cohort/ports.ts';

/** Blobs in memory, for a cohort without a platform: what is R2 there. */
export class MemoryBlobs implements Blobs {
  private readonly blobs = new Map<string, Uint8Array>();

  async get(sha256: string): Promise<Uint8Array> {
    return this.read(sha256);
  }

  async put(bytes: Uint8Array): Promise<{ sha256: string; bytes: number }> {
    return this.keep(bytes);
  }

  read(sha256: string): Uint8Array {
    const bytes = this.blobs.get(sha256);
    if (!bytes) throw new Error(`there is no blob '${sha256}'`);
    return bytes;
  }

  /** Null if there is none. */
  find(sha256: string): Uint8Array | null {
    return this.blobs.get(sha256) ?? null;
  }

  /** Bytes under another name than their own, as damage in a store would leave them. */
  spoil(sha256: string, bytes: Uint8Array): void {
    this.blobs.set(sha256, bytes);
  }

  keep(bytes: Uint8Array): { sha256: string; bytes: number } {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.blobs.set(sha256, bytes);
    return { sha256, bytes: bytes.length };
  }

  delete(sha256: string): void {
    this.blobs.delete(sha256);
  }
}
