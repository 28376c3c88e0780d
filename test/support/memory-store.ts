import type { ByteStore } from '../../client/volunteer/byte-store.ts';

/** A byte store that ends with its test. */
export class MemoryStore implements ByteStore {
  /** What was used longest ago comes first. */
  readonly kept = new Map<string, Uint8Array<ArrayBuffer>>();
  private readonly maxBytes: number;

  constructor(maxBytes = Number.POSITIVE_INFINITY) {
    this.maxBytes = maxBytes;
  }

  async get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = this.kept.get(name);
    if (bytes) this.putLast(name, bytes);
    return bytes?.slice();
  }

  async put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.putLast(name, bytes.slice());
    for (const oldest of this.kept.keys()) {
      if ((await this.size()) <= this.maxBytes) break;
      this.kept.delete(oldest);
    }
  }

  async size(): Promise<number> {
    return [...this.kept.values()].reduce((sum, { length }) => sum + length, 0);
  }

  async clear(): Promise<void> {
    this.kept.clear();
  }

  private putLast(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.kept.delete(name);
    this.kept.set(name, bytes);
  }
}

/** A store as in a private window: it can be neither written nor read. */
export const keepsNothing: ByteStore = {
  get: async () => undefined,
  put: async () => {},
  size: async () => 0,
  clear: async () => {},
};
