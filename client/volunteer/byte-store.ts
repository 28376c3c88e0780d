/**
 * Bytes by name, kept on this device from lease to lease and from visit to visit: IndexedDB in a browser, a folder in
 * Node. A volunteer has two: its blob cache, whose names are hashes, and what it keeps from update to update.
 *
 * What was used longest ago goes when there is too much. A store that cannot be opened, read or written (a private
 * window, a full disk) keeps nothing, which costs downloads or some accuracy, never the work: no call rejects.
 */
export interface ByteStore {
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Replaces what had the name, whole or not at all. */
  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Bytes kept. */
  size(): Promise<number>;
  clear(): Promise<void>;
}
