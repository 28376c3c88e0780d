import type { KeptEntry, LetGo, OutboxStore } from '../../client/volunteer/outbox/outbox-store.ts';

/** What a device keeps of updates, for as long as its test. */
export class MemoryOutbox {
  readonly kept = new Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly keptAt: number }>();
  /** Why it keeps nothing more, in words for people. */
  problem: string | null = null;
  /** Whether nothing can be read, for as long as this is so. */
  isUnreadable = false;
  /** Whether nothing can be claimed: a disk that takes no lock. */
  isUnclaimable = false;
  private readonly claims = new Set<string>();
  private puts = 0;

  /** One tab or process. What it has claimed is free again when it is closed. */
  open(): { readonly store: OutboxStore; close(): void } {
    const own = new Set<string>();
    let isClosed = false;
    const store: OutboxStore = {
      list: async () =>
        [...this.kept].map(([name, { bytes, keptAt }]): KeptEntry => ({ name, bytes: bytes.length, keptAt })),
      get: async name => (this.isUnreadable ? undefined : this.kept.get(name)?.bytes.slice()),
      put: async (name, bytes) => {
        if (this.problem !== null) throw new Error(this.problem);
        if (!isClosed) this.kept.set(name, { bytes: bytes.slice(), keptAt: this.puts++ });
      },
      remove: async name => void (!isClosed && this.kept.delete(name)),
      claim: async name => {
        if (this.isUnclaimable) throw new Error('no lock can be taken here');
        return this.claim(name, own);
      },
    };
    const close = (): void => {
      isClosed = true;
      for (const name of own) this.claims.delete(name);
    };
    return { store, close };
  }

  private claim(name: string, own: Set<string>): LetGo | null {
    if (this.claims.has(name)) return null;
    this.claims.add(name);
    own.add(name);
    return () => {
      own.delete(name);
      this.claims.delete(name);
    };
  }
}
