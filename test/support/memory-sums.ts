import type { SumStore } from '../../shared/cohort/ports.ts';

/** Sums that cohorts hand to each other, in memory: what is R2 in the Worker. */
export class MemorySums {
  private readonly kept = new Map<string, Uint8Array>();
  /** How many of the next calls to let sums go fail, as if the cohort were evicted before. */
  failingDrops = 0;

  /** As the cohort of this role keeps and reads them. */
  of(role: string): SumStore {
    return {
      keep: async ({ round, segment, shard }, bytes) => {
        const key = `${role}/${round}/${segment}/${shard}`;
        this.kept.set(key, bytes.slice());
        return key;
      },
      read: async key => {
        const bytes = this.kept.get(key);
        if (!bytes) throw new Error(`the sum ${key} is missing`);
        return bytes;
      },
      drop: async keys => {
        if (this.failingDrops-- > 0) throw new Error('evicted');
        for (const key of keys) this.kept.delete(key);
      },
    };
  }

  /** How many are kept. */
  get size(): number {
    return this.kept.size;
  }
}
